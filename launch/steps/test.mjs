import { requireSpace } from './disk.mjs';
import { tellFailures } from './failure.mjs';
import { ensureInstalled } from './install.mjs';
import { findNode24 } from './node24.mjs';
import { buildPages } from './pages.mjs';
import { root } from './root.mjs';
import { runTests } from './vitest.mjs';

const testMegabytes = 1500;

/** Does all the set-up that is missing, then runs the tests; `--full` adds the long ones. */
export function test(args) {
  return tellFailures(async () => {
    await ensureInstalled();
    await requireSpace(root, testMegabytes);
    const node = await findNode24();
    await buildPages(node);
    return runTests(node, args);
  });
}
