import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cloneStores } from '../../../../testing/stores.ts';
import type { StoreClones } from '../testing/clones.ts';

let clones: StoreClones;
beforeAll(async () => {
  clones = await cloneStores();
});
afterAll(() => clones.drop());

it('lets a login role in with its certificate', async () => {
  const client = new Client(clones.connection('clinical', 'engine_clinical'));
  await client.connect();
  const { rows } = await client.query(
    'select current_user, ssl, version from pg_stat_ssl where pid=pg_backend_pid()',
  );
  expect(rows[0]).toMatchObject({ current_user: 'engine_clinical', ssl: true, version: 'TLSv1.3' });
  await client.end();
});
