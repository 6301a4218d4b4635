import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, runKeyJob } from './key-jobs.ts';
import { runEngine, type TestEngine } from './run-engine.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await runEngine();
});
afterAll(() => engine.close());

describe('a new seal key', () => {
  it('is written into the log of every tenant, before and after, once each', async () => {
    const change = {
      verb: 'record-seal-key',
      store: 'vault',
      change: 'rotated',
      keyId: 'seal-00112233445566aa',
    };
    const entries = () =>
      ask<{ outcome: string; tenants: number }>(
        engine,
        'audit',
        `SELECT outcome, count(DISTINCT tenant_id)::integer AS tenants FROM audit.audit_logs
         WHERE action = 'seal-key.rotated' AND resource_type = 'VaultSealKey'
           AND resource_id = '00000000-0000-0000-0011-2233445566aa' GROUP BY outcome ORDER BY outcome`,
      );
    expect(await runKeyJob(engine, { ...change, outcome: 'intent' })).toMatchObject({
      answer: { tenants: 2 },
    });
    expect(await entries()).toEqual([{ outcome: 'intent', tenants: 2 }]);
    await runKeyJob(engine, { ...change, outcome: 'success' });
    expect(await entries()).toEqual([
      { outcome: 'intent', tenants: 2 },
      { outcome: 'success', tenants: 2 },
    ]);
  });
});
