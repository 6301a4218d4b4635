import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readShippedText } from '../testing/shipped-files.ts';
import type { AccessPolicyError } from './error.ts';
import { FILE_KEYS, FILE_NAMES, type DataClassId, type FileKey, type RoleId } from './ids.ts';
import { followTexts, openPolicy, watchPolicy } from './live-policy.ts';
import { readPolicyTexts, type PolicyTexts } from './load-policy.ts';
import { CORDON_IDS } from './policy.ts';

let folder = '';
/** Renames into place, so that no reading sees half a file. */
const write = async (key: FileKey, text: string): Promise<void> => {
  await writeFile(join(folder, 'next'), text);
  await rename(join(folder, 'next'), join(folder, FILE_NAMES[key]));
};
const withoutAdminAudit = readShippedText('retentionAndAccess').replace(
  '"auditLogEntry",\n          "systemMetric"',
  '"systemMetric"',
);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'access-policy-'));
  for (const key of FILE_KEYS) await write(key, readShippedText(key));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a live policy', () => {
  it('takes up a changed file and says so', async () => {
    const live = await openPolicy(folder);
    const before = live.current;
    expect(await live.reload()).toBe(false);
    expect(live.current).toBe(before);
    await write('retentionAndAccess', withoutAdminAudit);
    expect(await live.reload()).toBe(true);
    expect(before.ceilingOf('role.admin').readable).toContain('auditLogEntry');
    expect(live.current.ceilingOf('role.admin').readable).not.toContain('auditLogEntry');
  });

  it('stays whole when one of two changed files is invalid', async () => {
    const live = await openPolicy(folder);
    const before = live.current;
    await write('retentionAndAccess', withoutAdminAudit);
    await write('aiGateway', '{}');
    await expect(live.reload()).rejects.toMatchObject({ code: 'policy-files-invalid' });
    expect(live.current).toBe(before);
    await write('aiGateway', readShippedText('aiGateway'));
    expect(await live.reload()).toBe(true);
    expect(live.current.ceilingOf('role.admin').readable).not.toContain('auditLogEntry');
  });

  it('reloads one after the other, so that an earlier reading never wins over a later one', async () => {
    const shipped = await readPolicyTexts(folder);
    const changed = { ...shipped, retentionAndAccess: withoutAdminAudit };
    const readings: ((texts: PolicyTexts) => void)[] = [];
    const opening = followTexts<RoleId, DataClassId>(
      () => new Promise((resolve) => readings.push(resolve)),
      CORDON_IDS,
    );
    readings[0]?.(shipped);
    const live = await opening;
    const [earlier, later] = [live.reload(), live.reload()];
    await expect.poll(() => readings.length).toBeGreaterThan(1);
    expect(readings).toHaveLength(2);
    readings[1]?.(changed);
    expect(await earlier).toBe(true);
    await expect.poll(() => readings).toHaveLength(3);
    readings[2]?.(shipped);
    expect(await later).toBe(true);
    expect(live.current.ceilingOf('role.admin').readable).toContain('auditLogEntry');
  });

  it('does not open on invalid files', async () => {
    await write('dataClasses', '[]');
    await expect(openPolicy(folder)).rejects.toMatchObject({ code: 'policy-files-invalid' });
  });
});

describe('watching', () => {
  it('takes up changes, tells a failure once, and ends with its signal', async () => {
    const live = await openPolicy(folder);
    const stop = new AbortController();
    const refusals: AccessPolicyError[] = [];
    let looks = 0;
    let reloads = 0;
    const watched = {
      current: live.current,
      reload: () => {
        looks += 1;
        return live.reload();
      },
    };
    watchPolicy(watched, {
      intervalMs: 2,
      signal: stop.signal,
      onReload: () => {
        reloads += 1;
      },
      onRefused: (error) => refusals.push(error),
    });
    const lookAgain = async (): Promise<void> => {
      const until = looks + 3;
      await expect.poll(() => looks).toBeGreaterThanOrEqual(until);
    };
    await write('retentionAndAccess', withoutAdminAudit);
    await lookAgain();
    expect(reloads).toBe(1);
    await write('aiGateway', '{}');
    await lookAgain();
    expect(refusals.map(({ code }) => code)).toEqual(['policy-files-invalid']);
    expect(live.current.ceilingOf('role.admin').readable).not.toContain('auditLogEntry');
    stop.abort();
    // Reloads follow each other, so one that was under way has ended after this.
    await live.reload().catch(() => false);
    const seen = looks;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(looks).toBe(seen);
  });
});
