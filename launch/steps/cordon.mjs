import { join } from 'node:path';
import { tellFailures } from './failure.mjs';
import { findNode24 } from './node24.mjs';
import { root } from './root.mjs';
import { runForeground } from './run.mjs';

/** Runs the `cordon` command on the given Node and answers its exit code. */
export function runCordon(node, args) {
  return runForeground(node, [
    '--conditions=cordon-source',
    join(root, 'apps', 'cli', 'src', 'main.ts'),
    ...args,
  ]);
}

/** What `npx cordon` runs. */
export function cordon(args) {
  return tellFailures(async () => runCordon(await findNode24(), args));
}
