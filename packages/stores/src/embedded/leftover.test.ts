import { spawn } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endLeftoverServer, readServerPid } from './leftover.ts';
import { isAlive, isServerProcess, startOf, waitForEnd } from './processes.ts';

let data: string;
const pidfile = (): string => join(data, 'postmaster.pid');

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'cordon-leftover-'));
});
afterEach(() => rm(data, { recursive: true }));

describe('endLeftoverServer', () => {
  it('has nothing to do without a pidfile', async () => {
    expect(await endLeftoverServer('/no/postgres', data)).toBe(false);
  });

  it('never ends a stranger that has the number now, and clears the pidfile', async () => {
    const stranger = spawn('/bin/sleep', ['60']);
    try {
      await writeFile(pidfile(), `${stranger.pid ?? 0}\n${data}\n`);
      expect(await endLeftoverServer('/no/postgres', data)).toBe(false);
      expect(await isAlive(stranger.pid ?? 0)).toBe(true);
      await expect(stat(pidfile())).rejects.toThrow('ENOENT');
    } finally {
      stranger.kill('SIGKILL');
    }
  });

  it('leaves the pidfile of a dead process for PostgreSQL, which also checks its shared memory', async () => {
    const gone = spawn('/bin/true');
    await new Promise((resolve) => gone.once('exit', resolve));
    await writeFile(pidfile(), `${gone.pid ?? 0}\n`);
    expect(await endLeftoverServer('/no/postgres', data)).toBe(false);
    expect((await stat(pidfile())).isFile()).toBe(true);
  });

  it.each(['', 'x', '-1', '0', '1', '1e99'])('takes no process id from "%s"', async (text) => {
    await writeFile(pidfile(), text);
    expect(await readServerPid(data)).toBeUndefined();
  });
});

describe('processes', () => {
  it('are told apart from servers of ours by program and data folder', async () => {
    expect(await isServerProcess(process.pid, process.execPath, data)).toBe(false);
  });

  it('have a start that stays, and none when they are gone', async () => {
    expect(await startOf(process.pid)).toMatch(/^\d+$/);
    expect(await startOf(process.pid)).toBe(await startOf(process.pid));
    const gone = spawn('/bin/true');
    await new Promise((resolve) => gone.once('exit', resolve));
    expect(await startOf(gone.pid ?? 0)).toBeUndefined();
    expect(await waitForEnd(gone.pid ?? 0, 1000)).toBe(true);
  });

  it('that outlast the wait are reported', async () => {
    expect(await waitForEnd(process.pid, 50)).toBe(false);
  });
});
