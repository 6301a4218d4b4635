import { runCordon } from './cordon.mjs';
import { requireSpace } from './disk.mjs';
import { tellFailures } from './failure.mjs';
import { ensureInstalled } from './install.mjs';
import { findNode24 } from './node24.mjs';
import { buildPages } from './pages.mjs';
import { root } from './root.mjs';

const runningMegabytes = 500;

/** Does all the set-up that is missing, then runs `cordon up` with the same arguments. */
export function start(args) {
  return tellFailures(async () => {
    await ensureInstalled();
    await requireSpace(root, runningMegabytes);
    const node = await findNode24();
    await buildPages(node);
    return runCordon(node, ['up', ...args]);
  });
}
