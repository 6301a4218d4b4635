import { readFile } from 'node:fs/promises';
import { DATA_CLASS_IDS } from '@cordon/access-policy';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneStores } from './stores.ts';

const storeNames = ['clinical', 'vault', 'audit', 'marketing', 'identity'] as const;
let stores: Awaited<ReturnType<typeof cloneStores>>;
beforeAll(async () => {
  stores = await cloneStores();
});
afterAll(() => stores.drop());

async function ask<Row extends pg.QueryResultRow>(store: string, sql: string): Promise<Row[]> {
  const client = new pg.Client(stores.admin(store));
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

const ours = `n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'`;
const tables = `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND ${ours}`;

/** Tables that hold rows of no tenant, each with its reason; grants alone guard them. */
const withoutTenant: Readonly<Record<string, string>> = {
  'cordon.migrations': 'written by set-up alone; no login role can reach it',
  'cordon.seal_keys': "readable by the seal's owner alone",
  'clinical.revoked_sessions':
    'sessions belong to identity, which has no tenant; hashes only, the directory alone',
  'clinical.ai_stops':
    'names of providers and purposes, ids of tenants; the directory, and a job of the tenant for what concerns it',
  'audit.audit_leaves': 'one tree over all tenants, hashes only, the sequencer alone',
};

describe.each(storeNames)('every table of the %s store', (store) => {
  it('names a known data class and a sensitivity for each column, and ciphertext for all that is PHI', async () => {
    const rows = await ask<{ place: string; comment: string | null; type: string }>(
      store,
      `SELECT format('%s.%s', c.oid::regclass, a.attname) AS place, col_description(c.oid, a.attnum) AS comment,
         format_type(a.atttypid, a.atttypmod) AS type
       FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped AND ${ours}
         AND c.oid <> 'cordon.migrations'::regclass`,
    );
    expect(rows.length).toBeGreaterThan(0);
    const known = new Set<string>(DATA_CLASS_IDS);
    const wrong = rows.filter(({ comment, type }) => {
      const [, dataClass, sensitivity] =
        /^class=(\w+) sensitivity=(phi|structural)\b/.exec(comment ?? '') ?? [];
      return (
        dataClass === undefined ||
        !known.has(dataClass) ||
        (sensitivity === 'phi') !== (type === 'cordon.ciphertext')
      );
    });
    expect(
      wrong,
      'columns that need a comment "class=… sensitivity=phi|structural" (cordon.classify_columns)',
    ).toEqual([]);
  });

  it('carries key_id wherever it carries ciphertext', async () => {
    const rows = await ask(
      store,
      `SELECT c.oid::regclass::text AS table_name ${tables} AND NOT c.relispartition
         AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.atttypid = to_regtype('cordon.ciphertext') AND NOT a.attisdropped)
         AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'key_id'
           AND (a.attnotnull OR EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c' AND a.attnum = ANY (k.conkey))))`,
    );
    expect(rows).toEqual([]);
  });

  it('gives PUBLIC nothing', async () => {
    const rows = await ask(
      store,
      `SELECT c.oid::regclass::text AS table_name ${tables}
         AND EXISTS (SELECT FROM aclexplode(c.relacl) x WHERE x.grantee = 0)`,
    );
    expect(rows).toEqual([]);
  });
});

it.each(storeNames)(
  'lets no login role of the %s store end sessions, watch counters or write the database out as XML',
  async (store) => {
    const rows = await ask(
      store,
      `SELECT r.rolname, f FROM pg_roles r,
         unnest('{"pg_terminate_backend(integer,bigint)",pg_cancel_backend(integer),pg_stat_get_tuples_inserted(oid),
           pg_stat_get_live_tuples(oid),pg_stat_get_blocks_hit(oid),"database_to_xml(boolean,boolean,text)",
           "query_to_xml(text,boolean,boolean,text)"}'::text[]) AS f
       WHERE r.rolcanlogin AND NOT r.rolsuper AND has_database_privilege(r.oid, current_database(), 'connect')
         AND has_function_privilege(r.oid, f, 'execute')`,
    );
    expect(rows).toEqual([]);
  },
);

describe.each(['clinical', 'vault', 'audit', 'marketing'] as const)(
  'every table of the sealed %s store',
  (store) => {
    it('is under row security, enabled and forced, or declared as one without a tenant', async () => {
      const rows = await ask<{ table_name: string }>(
        store,
        `SELECT c.oid::regclass::text AS table_name ${tables} AND NOT (c.relrowsecurity AND c.relforcerowsecurity)`,
      );
      const open = rows.map((row) => row.table_name).filter((name) => !(name in withoutTenant));
      expect(open, "tables that need the store's protect function in their migration").toEqual([]);
    });

    it('has policies to named roles only, each of which asks for the tenant in the context', async () => {
      const rows = await ask<{ place: string; check: string; roles: string }>(
        store,
        `SELECT format('%s: %s', p.polrelid::regclass, p.polname) AS place, p.polroles::regrole[]::text AS roles,
         concat(pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) AS check
       FROM pg_policy p`,
      );
      expect(rows.length).toBeGreaterThan(0);
      const declared =
        /directory_read|directory_only|jobs_list_tenants|door_appends|door_sees_intents|sequencer_|verifier_|retention_|queue_only/;
      const wrong = rows.filter(
        ({ place, check, roles }) =>
          roles.includes('-') || (!check.includes('cordon.tenant_id()') && !declared.test(place)),
      );
      expect(wrong).toEqual([]);
    });

    it('has tenant_id first in its key and in every foreign and unique key', async () => {
      const rows = await ask<{ place: string }>(
        store,
        `SELECT format('%s: %s', c.oid::regclass, k.conname) AS place
       FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE k.contype IN ('p', 'u', 'f', 'x') AND ${ours} AND k.conparentid = 0
         AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id')
         AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND a.attnum = ANY (k.conkey))`,
      );
      const declared = [/^clinical\.tenants: tenants_slug_key$/, /^audit\.audit_logs/];
      expect(rows.filter(({ place }) => !declared.some((known) => known.test(place)))).toEqual([]);
    });

    it('lets no login role bypass, own, create or use a temporary table', async () => {
      const rows = await ask(
        store,
        `SELECT r.rolname FROM pg_roles r
       WHERE r.rolcanlogin AND NOT r.rolsuper
         AND (r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication
           OR has_database_privilege(r.oid, current_database(), 'TEMP, CREATE')
           OR EXISTS (SELECT FROM pg_namespace n WHERE has_schema_privilege(r.oid, n.oid, 'CREATE'))
           OR EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid)
           OR EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid))`,
      );
      expect(rows).toEqual([]);
    });
  },
);

describe('the audit log', () => {
  const writers = ['engine_audit', 'identity_audit', 'sequencer', 'audit_reader', 'audit_verifier'];

  it('gives no login role UPDATE, DELETE or TRUNCATE, on the table or on a partition', async () => {
    const rows = await ask(
      'audit',
      `SELECT r.rolname, c.oid::regclass::text AS table_name
       FROM pg_roles r, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = 'audit' AND c.relkind IN ('r', 'p') AND r.rolname IN (${writers.map((name) => `'${name}'`).join(',')})
         AND has_table_privilege(r.oid, c.oid, 'UPDATE, DELETE, TRUNCATE')`,
    );
    expect(rows).toEqual([]);
  });

  it('has its rules and its truncate trigger on every partition, always', async () => {
    const rows = await ask<{ rules: string; triggers: string }>(
      'audit',
      `SELECT c.relname,
         (SELECT string_agg(r.rulename::text || r.ev_enabled::text, ' ' ORDER BY r.rulename) FROM pg_rewrite r WHERE r.ev_class = c.oid) AS rules,
         (SELECT string_agg(t.tgname::text || t.tgenabled::text, ' ') FROM pg_trigger t WHERE t.tgrelid = c.oid) AS triggers
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = 'audit' AND c.relkind IN ('r', 'p')`,
    );
    expect(rows.length).toBeGreaterThan(5);
    for (const row of rows) {
      expect(row.rules).toBe('no_deleteA no_updateA');
      expect(row.triggers).toBe('no_truncateA');
    }
  });

  it('changes nothing and raises nothing when a superuser tries UPDATE or DELETE, and refuses TRUNCATE', async () => {
    const client = new pg.Client(stores.admin('audit'));
    await client.connect();
    try {
      await client.query(
        `INSERT INTO audit.audit_logs (id, at, initiator_type, action, decision, reason_code, outcome, written_by, salt)
         VALUES (gen_random_uuid(), now(), 'system', 'record.opened', 'permit', 'granted', 'none', 'test', '\\x${'00'.repeat(32)}')`,
      );
      for (const setting of ['origin', 'replica']) {
        await client.query(`SET session_replication_role = ${setting}`);
        const partitions = await client.query<{ name: string }>(
          `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'audit.audit_logs'::regclass`,
        );
        for (const name of ['audit.audit_logs', ...partitions.rows.map((row) => row.name)]) {
          expect((await client.query(`UPDATE ${name} SET action = 'record.listed'`)).rowCount).toBe(0);
          expect((await client.query(`DELETE FROM ${name}`)).rowCount).toBe(0);
          await expect(client.query(`TRUNCATE ${name}`)).rejects.toThrow('cannot be truncated');
        }
      }
      const left = await client.query('SELECT FROM audit.audit_logs WHERE action = $1', ['record.opened']);
      expect(left.rowCount).toBe(1);
    } finally {
      await client.end();
    }
  });
});

describe('the ciphertext type', () => {
  it.each([
    ['plain bytes', `'\\x48656c6c6f'::bytea`],
    ['a message with key stretching', `pgcrypto.pgp_sym_encrypt_bytea('x', 'k', 'cipher-algo=aes256')`],
    ['a message without AES-256', `pgcrypto.pgp_sym_encrypt_bytea('x', 'k', 's2k-mode=1')`],
    [
      'a message without its integrity packet',
      `pgcrypto.pgp_sym_encrypt_bytea('x', 'k', 'cipher-algo=aes256, s2k-mode=1, disable-mdc=1')`,
    ],
  ])('refuses %s', async (_name, expression) => {
    await expect(ask('clinical', `SELECT (${expression})::cordon.ciphertext`)).rejects.toMatchObject({
      code: '23514',
    });
  });
  it('takes what seal_cell writes', async () => {
    const rows = await ask<{ c: Buffer }>(
      'clinical',
      `SELECT cordon.seal_cell('hello', 'k')::cordon.ciphertext AS c`,
    );
    expect(rows).toHaveLength(1);
  });
});

it("keeps parameters and statements out of the server's log", async () => {
  const rows = await ask<{ name: string; setting: string }>(
    'clinical',
    `SELECT name, setting FROM pg_settings WHERE name IN ('log_parameter_max_length', 'log_parameter_max_length_on_error', 'log_statement', 'log_min_error_statement', 'log_error_verbosity') ORDER BY name`,
  );
  expect(Object.fromEntries(rows.map((row) => [row.name, row.setting]))).toEqual({
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
    log_statement: 'none',
  });
});

it('keeps every data class in a region that its store serves', async () => {
  const classes = JSON.parse(
    await readFile(new URL('../config/champagne-data-classes.json', import.meta.url), 'utf8'),
  ) as { dataClasses: { id: string; storageLocation: string }[] };
  for (const store of storeNames) {
    const definition = JSON.parse(
      await readFile(new URL(`../database/${store}/store.json`, import.meta.url), 'utf8'),
    ) as { region: string; alsoServes?: string[] };
    const regions = [definition.region, ...(definition.alsoServes ?? [])];
    const used = await ask<{ class: string }>(
      store,
      `SELECT DISTINCT substring(description FROM 'class=(\\w+)') AS class FROM pg_description
       WHERE classoid = 'pg_class'::regclass AND description LIKE 'class=%'`,
    );
    for (const { class: id } of used) {
      const location = classes.dataClasses.find((each) => each.id === id)?.storageLocation;
      expect(regions, `${store} holds ${id}`).toContain(location);
    }
  }
});

describe('the template for clinical tables', () => {
  it('gives a table made from here on what those have that were made before', async () => {
    const policiesOf = (table: string): Promise<object[]> =>
      ask(
        'clinical',
        `SELECT polname, polcmd, polroles::regrole[]::text AS roles, pg_get_expr(polqual, polrelid) AS qual,
           pg_get_expr(polwithcheck, polrelid) AS checks
         FROM pg_policy WHERE polrelid = '${table}'::regclass ORDER BY polname`,
      );
    await ask(
      'clinical',
      `DO $$ BEGIN
         CREATE TABLE clinical.made_later (LIKE clinical.treatment_plans INCLUDING ALL);
         PERFORM clinical.protect_patient_table('clinical.made_later', 'treatmentPlan');
       END $$`,
    );
    const before = await policiesOf('clinical.treatment_plans');
    expect(before.length).toBeGreaterThan(4);
    expect(await policiesOf('clinical.made_later')).toEqual(before);
    await ask('clinical', 'DROP TABLE clinical.made_later');
  });
});
