import { loadPolicy } from '@cordon/access-policy';
import { auditEncryption } from '@cordon/field-encryption';
import { prove } from '@cordon/row-security/prover';
import { readStoreDefinitions } from '@cordon/stores';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cordonConfig } from '../../apps/cli/src/commands/rls-cordon.ts';
import { ownStoreOptions } from '../../apps/cli/src/commands/encryption.ts';
import type { Asked } from '../../compliance/asked.ts';
import { cloneStores } from '../stores.ts';
import { cleanProof, expectBlocked, expectPass, soundWorld } from './sound-world.ts';

const folder = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
let stores: Awaited<ReturnType<typeof cloneStores>>;
const clients = new Map<string, pg.Client>();
let world: Asked;

beforeAll(async () => {
  stores = await cloneStores();
  for (const store of ['clinical', 'vault', 'audit', 'marketing', 'identity']) {
    const client = new pg.Client(stores.admin(store));
    await client.connect();
    clients.set(store, client);
  }
  const clientOf = (store: string): pg.Client => clients.get(store) ?? expect.fail(`no ${store}`);
  const definitions = await readStoreDefinitions(folder('database'));
  world = soundWorld({
    stores: () => Promise.resolve(definitions),
    // The connection of the sabotage: what it did is seen, and rolled back afterwards.
    query: async (store, sql, values = []) => ({ of: store, rows: (await clientOf(store).query<Record<string, unknown>>(sql, [...values])).rows }),
    auditEncryption: async (store) => ({ of: store, audit: await auditEncryption(clientOf(store), ownStoreOptions) }),
    login: (store, role) => Promise.resolve({ ...stores.connection(store, role), of: store }),
    running: () => Promise.resolve({ console: '', portal: '', engine: '', identity: '', web: '' }),
    passwordStep: () => Promise.resolve('code'),
    signIn: () => Promise.resolve({ accessToken: `x.${Buffer.from('{"acr":"urn:cordon:acr:mfa"}').toString('base64url')}.x` }),
  }); // prettier-ignore
});
afterAll(async () => {
  for (const client of clients.values()) await client.end();
  await stores.drop();
});

const guarded = [
  'SEC-002',
  'SEC-004',
  'SEC-005',
  'SEC-009',
  'CH-3.1',
  'CH-3.4',
  'CH-4.1',
  'CH-4.2',
  'CH-4.5',
  'CH-5.2',
  'CH-7.3',
];
it.each(guarded)('%s passes on stores as they are migrated', async (id) => {
  await expectPass(id, world);
});

describe('the gate blocks, and names it, when somebody', () => {
  it.each<[string, string, string, string, RegExp]>([
    ['drops the policies of a table', 'SEC-004', 'clinical', `DO $$ DECLARE p record; BEGIN FOR p IN SELECT polname FROM pg_policy WHERE polrelid = 'clinical.alerts'::regclass LOOP EXECUTE format('DROP POLICY %I ON clinical.alerts', p.polname); END LOOP; END $$`, /clinical\.alerts has no policy/],
    ['switches row security off', 'SEC-004', 'clinical', 'ALTER TABLE clinical.patients DISABLE ROW LEVEL SECURITY', /clinical\.patients has no row security/],
    ['frees the owner of row security', 'SEC-004', 'audit', 'ALTER TABLE audit.audit_logs NO FORCE ROW LEVEL SECURITY', /audit\.audit_logs has no row security that binds its owner/],
    ['adds a table with a tenant and no policy', 'SEC-004', 'clinical', 'CREATE TABLE clinical.notes_to_self (tenant_id uuid, id uuid)', /clinical\.notes_to_self has no row security/],
    ['grants DELETE on the audit log', 'SEC-002', 'audit', 'GRANT DELETE ON audit.audit_logs TO engine_audit', /engine_audit may DELETE audit\.audit_logs/],
    ['switches a rule of the log off', 'SEC-002', 'audit', 'ALTER TABLE audit.audit_logs DISABLE RULE no_update', /audit\.audit_logs lacks a rule/],
    ['lets a rule of the log sleep under replication', 'SEC-002', 'audit', 'ALTER TABLE audit.audit_leaves ENABLE RULE no_delete', /audit\.audit_leaves lacks a rule/],
    ['lets the log be truncated', 'SEC-002', 'audit', 'ALTER TABLE audit.audit_logs DISABLE TRIGGER no_truncate', /audit\.audit_logs may be truncated/],
    ['lets the reader of the log write it', 'CH-5.2', 'audit', 'GRANT INSERT ON audit.audit_logs TO audit_reader', /audit_reader may INSERT/],
    ['adds a PHI column in the clear', 'SEC-009', 'clinical', `ALTER TABLE clinical.patients ADD nickname text; COMMENT ON COLUMN clinical.patients.nickname IS 'class=patientProfile sensitivity=phi'`, /phi-in-the-clear: clinical\.patients\.nickname/],
    ['adds a column without a class', 'SEC-009', 'clinical', 'ALTER TABLE clinical.alerts ADD colour integer', /unclassified: clinical\.alerts\.colour/],
    ['indexes what a ciphertext hides', 'SEC-009', 'clinical', `CREATE FUNCTION clinical.peek(bytea) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT pgcrypto.pgp_sym_decrypt_bytea($1, ''k'')::text'; CREATE INDEX ON clinical.patients (clinical.peek(full_name))`, /clinical\.patients/],
    ['makes a key without the tenant', 'CH-3.1', 'clinical', 'ALTER TABLE clinical.alerts ADD CONSTRAINT one_id UNIQUE (id)', /one_id of clinical\.alerts leaves the tenant out/],
    ['lets a login role bypass row security', 'CH-3.4', 'clinical', 'ALTER ROLE portal_sessions BYPASSRLS', /portal_sessions is BYPASSRLS/],
    ['lets a tenant free its admins of the second factor', 'SEC-005', 'clinical', `DO $$ DECLARE k text; BEGIN SELECT conname INTO k FROM pg_constraint WHERE conrelid = 'clinical.factor_policies'::regclass AND pg_get_constraintdef(oid) LIKE '%factor_required%' AND contype = 'c'; EXECUTE format('ALTER TABLE clinical.factor_policies DROP CONSTRAINT %I', k); END $$`, /could free role\.admin/],
    ['writes bind values to the server’s log', 'CH-4.5', 'clinical', 'SET LOCAL log_parameter_max_length = -1', /log_parameter_max_length is -1/],
    ['takes the table of legal holds away', 'CH-7.3', 'clinical', 'DROP TABLE clinical.legal_holds CASCADE', /clinical\.legal_holds is not there/],
  ])('%s', async (_name, id, store, sql, says) => {
    const client = clients.get(store) ?? expect.fail(store);
    await client.query('BEGIN');
    try {
      await client.query(sql);
      await expectBlocked(id, world, says);
    } finally {
      await client.query('ROLLBACK');
    }
  }); // prettier-ignore

  it('serves a store without asking for a certificate', async () => {
    const login: Asked['login'] = () =>
      Promise.resolve({ ...stores.connection('marketing', 'web_marketing'), of: 'marketing' });
    await expectBlocked('CH-4.1', { ...world, login }, /without its certificate: connected/);
  });

  it('lets another process into the clinical store', async () => {
    const login: Asked['login'] = (store) => Promise.resolve({ ...stores.admin(store), of: store });
    await expectBlocked('CH-4.2', { ...world, login }, /into clinical: connected/);
  });

  it('opens a policy to every tenant, which only an attack can see', async () => {
    const [definition] = (await readStoreDefinitions(folder('database'))).filter(
      ({ store }) => store === 'marketing',
    );
    const policy = await loadPolicy(folder('config'));
    const hostile = await cloneStores(['marketing']);
    const admin = new pg.Client(hostile.admin('marketing'));
    await admin.connect();
    await admin.query('CREATE POLICY for_all ON marketing.leads FOR SELECT TO engine_marketing USING (true)');
    await admin.end();
    const config = cordonConfig(
      definition ?? expect.fail('no marketing'),
      hostile.sealKey('marketing'),
      policy,
    );
    const scratch = {
      administrator: hostile.admin('marketing'),
      loginOf: (role: string) => hostile.connection('marketing', role),
    };
    const broken: Asked = {
      ...world,
      prove: (store) =>
        store === 'marketing' ? prove({ config, scratch }) : Promise.resolve(cleanProof(store)),
    };
    await expectBlocked('CH-3.3', broken, /leaks: .*marketing\.leads/);
  });
});
