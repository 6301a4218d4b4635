import { join } from 'node:path';
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
