import { join } from 'node:path';
import { tellFailures } from './failure.mjs';
import { ensureInstalled } from './install.mjs';
import { findNode24 } from './node24.mjs';
import { buildPages } from './pages.mjs';
import { root } from './root.mjs';
import { runForeground } from './run.mjs';

/** Does all the set-up that is missing, then runs the benchmarks, or those that are named. */
export function bench(names) {
  return tellFailures(async () => {
    await ensureInstalled();
    const node = await findNode24();
    await buildPages(node);
    return runForeground(node, [
      '--conditions=cordon-source',
      '--expose-gc',
      join(root, 'launch', 'steps', 'run-benchmarks.mjs'),
      ...names,
    ]);
  });
}
