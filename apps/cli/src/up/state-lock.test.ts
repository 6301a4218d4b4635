import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOf } from '@cordon/stores/processes';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockState } from './state-lock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

const writeLock = (content: string): Promise<void> => writeFile(join(folder, 'up.lock'), content);

describe('lockState', () => {
  it('lets one start in, tells the second where the first runs, and is given back', async () => {
    const release = await lockState(folder, { basePort: 7400, tls: false });
    await expect(lockState(folder, { basePort: 7500, tls: false })).rejects.toMatchObject({
      code: 'already-running',
      publicMessage: expect.stringMatching(`process ${process.pid}, ports from 7400`) as string,
    });
    await release();
    await (
      await lockState(folder, { basePort: 7500, tls: false })
    )();
    expect(await readdir(folder)).toEqual([]);
  });

  it('lets exactly one of many simultaneous starts in', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => lockState(folder, { basePort: 7400, tls: false })),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('takes over from a process that is gone', async () => {
    const gone = spawn('/bin/true');
    await once(gone, 'exit');
    await writeLock(JSON.stringify({ pid: gone.pid, start: '1', basePort: 7400 }));
    await (
      await lockState(folder, { basePort: 7400, tls: false })
    )();
  });

  it('takes over from a process whose number belongs to another one now', async () => {
    await writeLock(JSON.stringify({ pid: process.pid, start: '1', basePort: 7400 }));
    await (
      await lockState(folder, { basePort: 7400, tls: false })
    )();
  });

  it('respects another process that runs', async () => {
    const other = spawn('/bin/sleep', ['60']);
    try {
      await writeLock(
        JSON.stringify({ pid: other.pid, start: await startOf(other.pid ?? 0), basePort: 7400 }),
      );
      await expect(lockState(folder, { basePort: 7400, tls: false })).rejects.toMatchObject({
        code: 'already-running',
      });
    } finally {
      other.kill('SIGKILL');
    }
  });

  it('takes over a lock that says nothing', async () => {
    await writeLock('');
    await (
      await lockState(folder, { basePort: 7400, tls: false })
    )();
  });
});
