import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sweepServed } from '../../apps/engine/src/outbox/sweep-served.ts';
import { runEngine, type TestEngine } from './run-engine.ts';

let engine: TestEngine;
const admin: Partial<Record<'clinical' | 'marketing', pg.Client>> = {};
beforeAll(async () => {
  engine = await runEngine();
  for (const store of ['clinical', 'marketing'] as const) {
    admin[store] = new pg.Client(engine.stores.admin(store));
    await admin[store].connect();
  }
});
afterAll(async () => {
  await Promise.all([admin.clinical?.end(), admin.marketing?.end()]);
  await engine.close();
});

const count = async (store: 'clinical' | 'marketing', from: string): Promise<unknown> =>
  (await admin[store]?.query(`SELECT count(*)::int AS n FROM ${from}`))?.rows[0];

it('takes away keys after a day and delivered rows after a week, of its own tenant, and nothing sooner', async () => {
  const [north, river] = engine.plan.tenants.map(({ id }) => id);
  // More than one step takes, some of them too young, and one of another tenant.
  await admin.clinical?.query(
    `INSERT INTO clinical.idempotency_keys (tenant_id, id, account_id, key_token, body_token, record_id, created_at)
     SELECT CASE WHEN n = 0 THEN $2::uuid ELSE $1::uuid END, gen_random_uuid(), $3, sha256(n::text::bytea), sha256('x'), $3,
       now() - CASE WHEN n > 1500 THEN interval '23 hours' ELSE interval '25 hours' END
     FROM generate_series(0, 1502) n`,
    [north, river, randomUUID()],
  );
  const outbox = (schema: 'clinical' | 'marketing') =>
    `INSERT INTO ${schema}.outbox (tenant_id, id, topic, intent_id, created_at, delivered_at)
     SELECT $1, gen_random_uuid(), 'record.created', gen_random_uuid(), now() - interval '9 days',
       CASE n WHEN 0 THEN NULL WHEN 1 THEN now() - interval '6 days' ELSE now() - interval '8 days' END
     FROM generate_series(0, 3) n`;
  await admin.clinical?.query(outbox('clinical'), [north]);
  await admin.marketing?.query(outbox('marketing'), [north]);
  await sweepServed(engine.running.engine.stores, north ?? '');
  expect(await count('clinical', 'clinical.idempotency_keys')).toEqual({ n: 3 });
  const old = "outbox WHERE created_at < now() - interval '8 days'";
  expect(await count('clinical', `clinical.${old}`)).toEqual({ n: 2 });
  expect(await count('marketing', `marketing.${old}`)).toEqual({ n: 2 });
});
