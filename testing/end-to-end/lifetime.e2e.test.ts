import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyCheckout, type CheckoutCopy } from './copy-checkout.ts';
import { findFreeBasePort } from './find-ports.ts';
import { startInstallation, type Installation } from './installation.ts';
import { findProcesses } from './processes.ts';

let copy: CheckoutCopy;
let basePort: number;
let installation: Installation;
/** Undone in the reverse order, also when the start fails half-way. */
const undo: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  copy = await copyCheckout();
  undo.push(copy.remove);
  basePort = await findFreeBasePort();
  await start();
});
afterAll(async () => {
  for (const step of undo.toReversed()) await step();
});

async function start(): Promise<void> {
  installation = await startInstallation(copy, basePort);
  undo.push(installation.interrupt);
}

const commands = async (): Promise<string> =>
  (await findProcesses(copy.checkout)).map(({ command }) => command).join('\n');

describe('an installation whose launcher is killed', () => {
  it('runs as processes of their own: the apps and PostgreSQL', async () => {
    const running = await commands();
    for (const part of [
      'engine/main.ts',
      'identity/main.ts',
      'console/main.ts',
      'portal/main.ts',
      'bin/postgres -D',
    ])
      expect(running).toContain(part);
  });

  it('ends its apps by themselves, and the next start ends the PostgreSQL that is left', async () => {
    process.kill(await installation.findLauncher(), 'SIGKILL');
    await expect.poll(commands, { interval: 200 }).not.toContain('main.ts');
    expect(await commands()).toContain('bin/postgres -D');

    await start();
    expect(installation.said()).toContain('Ended the PostgreSQL of an earlier start');
    const servers = (await commands()).split('\n').filter((command) => command.includes('bin/postgres -D'));
    expect(servers).toHaveLength(1);
  });

  it('ends altogether when the first process alone is killed', async () => {
    await installation.kill();
    expect(await installation.leftOver()).toEqual([]);
  });
});
