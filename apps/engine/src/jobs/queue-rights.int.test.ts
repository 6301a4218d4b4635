import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cloneStores } from '../../../../testing/stores.ts';

let stores: Awaited<ReturnType<typeof cloneStores>>;
let admin: pg.Pool;

beforeAll(async () => {
  stores = await cloneStores(['clinical']);
  admin = new pg.Pool({ ...stores.admin('clinical'), max: 2 });
  admin.on('error', () => undefined);
});
afterAll(async () => {
  await admin.end();
  await stores.drop();
});

it.each([
  ['text of people', '{"tenantId":"00000000-0000-0000-0000-000000000001","note":"Petra Patientson"}'],
  ['nothing', '{}'],
  ['a list', '["00000000-0000-0000-0000-000000000001"]'],
])('the queue takes ids alone: not %s', async (_what, payload) => {
  await expect(admin.query("SELECT graphile_worker.add_job('probe', $1)", [payload])).rejects.toMatchObject({
    code: '23514',
  });
});

it('the queue is reached by the jobs’ login role and by no other', async () => {
  const { rows } = await admin.query<{ roles: string[] }>(
    `SELECT array_agg(DISTINCT r.rolname::text) AS roles FROM pg_roles r, pg_class c
     WHERE r.rolcanlogin AND NOT r.rolsuper AND c.relnamespace = 'graphile_worker'::regnamespace AND c.relkind IN ('r', 'v')
       AND has_schema_privilege(r.oid, 'graphile_worker', 'USAGE')
       AND has_table_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')`,
  );
  expect(rows[0]?.roles).toEqual(['engine_jobs']);
});
