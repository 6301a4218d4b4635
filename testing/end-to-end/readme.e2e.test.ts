import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { copyCheckout } from './copy-checkout.ts';
import { findFreeBasePort } from './find-ports.ts';
import { startInstallation } from './installation.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
let checkout: string;
let basePort: number;
const undo: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  const copy = await copyCheckout();
  undo.push(copy.remove);
  ({ checkout } = copy);
  basePort = await findFreeBasePort();
  const installation = await startInstallation(copy, basePort);
  undo.push(installation.interrupt);
});
afterAll(async () => {
  for (const step of undo.toReversed()) await step();
});

/** The commands of the README's section, as printed but for ports and places. */
async function readCommands(heading: string): Promise<string> {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const section = readme.split(/^## /m).find((part) => part.startsWith(heading));
  const commands = /```sh\n([\s\S]*?)```/.exec(section ?? '')?.[1];
  if (commands === undefined) throw new Error(`the README has no commands under "${heading}"`);
  return commands
    .replaceAll('localhost:7402', `localhost:${basePort + 2}`)
    .replaceAll('npx cordon', `node ${join(checkout, 'apps/cli/bin/cordon.mjs')}`)
    .replaceAll('@testing/', `@${join(root, 'testing/')}`);
}

it('does the main job with the commands that the README prints', async () => {
  const commands = await readCommands('The main job, without a browser');
  const { stdout } = await run('bash', ['-e', '-o', 'pipefail', '-c', commands], {
    timeout: 400_000,
    env: { PATH: process.env['PATH'] ?? '', HOME: checkout },
  });
  expect(stdout).toContain('"cardNumbersRemoved":1');
  expect(stdout).toContain('Amira Holloway');
});
