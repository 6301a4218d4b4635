/** `cordon up` of this checkout with a state folder of the benchmark's own. */
import { join } from 'node:path';
import { checkoutRoot, makeLayout } from '../../apps/cli/src/up/layout.ts';
import { runUp } from '../../apps/cli/src/up/run-up.ts';

const [state = '', port = ''] = process.argv.slice(2);
const basePort = Number(port);
const layout = {
  ...makeLayout(checkoutRoot, basePort),
  state,
  secrets: join(state, 'secrets'),
  logs: join(state, 'logs'),
  objects: join(state, 'objects'),
};
process.exitCode = await runUp(layout, { basePort, fresh: false, tls: false, empty: false });
