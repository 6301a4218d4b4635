import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { readWithin } from './make-asked.ts';
import { runProgram } from './run-program.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-programs-'));
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => {
  vi.unstubAllEnvs();
});
const never = new AbortController().signal;
const node = (source: string, signal = never) => runProgram(folder, process.execPath, ['-e', source], signal);

it('ends a program with everything that it started, and waits for none of them', async () => {
  const stop = new AbortController();
  // The one it starts keeps the pipe open, and would keep the gate waiting.
  const forks = `const { spawn } = require('node:child_process');
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
    require('node:fs').writeFileSync('child.pid', String(child.pid)); setInterval(() => {}, 1000);`;
  const asked = node(forks, stop.signal);
  const pid = await vi.waitFor(
    async () => {
      const { stdout } = await node("process.stdout.write(require('node:fs').readFileSync('child.pid'))");
      return Number(/^\d+$/.exec(stdout)?.[0] ?? expect.fail('not yet'));
    },
    { timeout: 30_000 },
  );
  stop.abort();
  await expect(asked).rejects.toThrow(/was stopped/);
  await vi.waitFor(
    () => {
      expect(() => process.kill(pid, 0)).toThrow();
    },
    { timeout: 30_000 },
  );
});

it('hands on nothing that makes a tool look elsewhere', async () => {
  for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'NPM_CONFIG_OMIT', 'npm_config_registry', 'NODE_PATH', 'CORDON_DB_ENGINE_AUDIT_URL']) vi.stubEnv(name, '/elsewhere'); // prettier-ignore
  const { stdout } = await node('process.stdout.write(JSON.stringify(Object.entries(process.env)))');
  expect(stdout).not.toContain('/elsewhere');
  expect(stdout).toContain('PATH');
});

it('says of a program that is not there that it is not', async () => {
  await expect(runProgram(folder, 'no-such-program', [], never)).rejects.toThrow(/ENOENT/);
});

it('reads files of the checkout, and not what a link leads to', async () => {
  const checkout = await mkdtemp(join(folder, 'checkout-'));
  await writeFile(join(folder, 'outside.md'), 'signed');
  await writeFile(join(checkout, 'register.md'), 'not signed');
  await symlink(join(folder, 'outside.md'), join(checkout, 'linked.md'));
  await symlink(folder, join(checkout, 'linked'));
  await expect(readWithin(checkout, 'register.md')).resolves.toBe('not signed');
  for (const path of ['linked.md', 'linked/outside.md', '../outside.md'])
    await expect(readWithin(checkout, path)).rejects.toThrow(/is a link/);
});
