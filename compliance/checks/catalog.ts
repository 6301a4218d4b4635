import { allOf, judgeFaults, seen, type Answer, type Evidence } from '@cordon/control-gate';
import type { Asked } from '../asked.ts';

type Row = Readonly<Record<string, unknown>>;

/** Asks a store's catalog, and keeps the question and the answer. */
async function askCatalog(
  asked: Asked,
  store: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<{ rows: readonly Row[]; evidence: Evidence }> {
  const { of, rows } = await asked.query(store, sql, values);
  return { rows, evidence: seen(sql.replace(/\s+/g, ' ').trim(), of, rows.length === 0 ? 'no row' : rows) };
}

const ownSchemas = `n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'graphile_worker')`;

/** A table with a tenant has row security, for its owner too, and a policy that depends on the tenant's column. */
export const rowSecurityForced =
  (...stores: readonly string[]) =>
  async (asked: Asked): Promise<Answer> =>
    allOf(
      await Promise.all(
        stores.map(async (store) => {
          const { rows, evidence } = await askCatalog(
            asked,
            store,
            `SELECT n.nspname || '.' || c.relname AS table, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
               count(p.oid) FILTER (WHERE p.polqual IS NOT NULL OR p.polwithcheck IS NOT NULL)::int AS policies
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
             LEFT JOIN pg_policy p ON p.polrelid = c.oid
             WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND ${ownSchemas} GROUP BY 1, 2, 3 ORDER BY 1`,
          );
          const faults = rows.flatMap((row) => [
            ...(row['enabled'] === true && row['forced'] === true
              ? []
              : [`${String(row['table'])} has no row security that binds its owner too`]),
            ...(Number(row['policies']) > 0 ? [] : [`${String(row['table'])} has no policy`]),
          ]);
          if (rows.length === 0) faults.push(`${store} has no table with a tenant, which cannot be`);
          return judgeFaults(faults, `${rows.length} tables of ${store} are sealed.`, [evidence]);
        }),
      ),
    );

/** Keys hold the tenant, so that rows of two tenants cannot be tied together; but for the list of tenants itself, whose codes are unique. */
export async function keysCarryTenant(asked: Asked): Promise<Answer> {
  const { rows, evidence } = await askCatalog(
    asked,
    'clinical',
    `SELECT k.conrelid::regclass::text AS table, k.conname AS key FROM pg_constraint k
     JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
     WHERE k.contype IN ('p', 'u', 'f') AND ${ownSchemas} AND NOT a.attnum = ANY (k.conkey)
       AND c.oid <> 'clinical.tenants'::regclass
     ORDER BY 1, 2`,
  );
  const faults = rows.map((row) => `${String(row['key'])} of ${String(row['table'])} leaves the tenant out`);
  return judgeFaults(faults, 'Every key of the clinical store carries the tenant.', [evidence]);
}

/** Entries cannot be changed: ALWAYS rules and no privilege (the rule hides a privilege that is there). */
export async function auditAppendOnly(asked: Asked): Promise<Answer> {
  const tables = await askCatalog(
    asked,
    'audit',
    `SELECT c.oid::regclass::text AS table,
       (SELECT count(*)::int FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_type IN ('2', '4') AND r.is_instead AND r.ev_enabled = 'A') AS rules,
       (SELECT count(*)::int FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgenabled = 'A' AND t.tgtype & 32 > 0) AS truncate_triggers
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'audit' AND c.relkind IN ('r', 'p') AND (c.relname IN ('audit_logs', 'audit_leaves')
       OR c.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'audit.audit_logs'::regclass)) ORDER BY 1`,
  );
  const privileges = await askCatalog(
    asked,
    'audit',
    `SELECT r.rolname AS role, c.oid::regclass::text AS table, p AS privilege FROM pg_roles r
     CROSS JOIN pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     CROSS JOIN unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS p
     WHERE n.nspname = 'audit' AND c.relkind IN ('r', 'p') AND c.relname ~ '^audit_(logs|leaves)' AND r.rolcanlogin AND NOT r.rolsuper
       AND has_table_privilege(r.oid, c.oid, p) ORDER BY 1, 2, 3`,
  );
  const faults = [
    ...tables.rows.flatMap((row) => [
      ...(Number(row['rules']) >= 2
        ? []
        : [`${String(row['table'])} lacks a rule against UPDATE or DELETE that is always on`]),
      ...(Number(row['truncate_triggers']) >= 1 ? [] : [`${String(row['table'])} may be truncated`]),
    ]),
    ...privileges.rows.map(
      (row) => `${String(row['role'])} may ${String(row['privilege'])} ${String(row['table'])}`,
    ),
  ];
  if (tables.rows.length < 2) faults.push('the tables of the audit log are not there');
  return judgeFaults(
    faults,
    `${tables.rows.length} tables of the log take neither UPDATE, DELETE nor TRUNCATE, and no login role may try.`,
    [tables.evidence, privileges.evidence],
  );
}

/** The reader of the log reads, and nothing more, and sees its own tenant. */
export async function auditReaderOnlyReads(asked: Asked): Promise<Answer> {
  const { rows, evidence } = await askCatalog(
    asked,
    'audit',
    `SELECT c.oid::regclass::text AS table, p AS privilege FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS p
     WHERE n.nspname = 'audit' AND c.relkind IN ('r', 'p') AND has_table_privilege('audit_reader', c.oid, p) ORDER BY 1, 2`,
  );
  const faults = rows
    .filter((row) => row['privilege'] !== 'SELECT')
    .map((row) => `audit_reader may ${String(row['privilege'])} ${String(row['table'])}`);
  if (!rows.some((row) => row['table'] === 'audit.audit_logs'))
    faults.push('audit_reader cannot read the log');
  return judgeFaults(faults, 'audit_reader holds SELECT and nothing else.', [evidence]);
}

/** Login roles of every store have no power beyond their grants. */
export async function loginRolesArePlain(asked: Asked): Promise<Answer> {
  const logins = (await asked.stores()).flatMap((store) => store.logins);
  const { rows, evidence } = await askCatalog(
    asked,
    'clinical',
    `SELECT rolname AS role, array_remove(ARRAY[CASE WHEN rolsuper THEN 'SUPERUSER' END, CASE WHEN rolbypassrls THEN 'BYPASSRLS' END,
       CASE WHEN rolcreaterole THEN 'CREATEROLE' END, CASE WHEN rolcreatedb THEN 'CREATEDB' END, CASE WHEN rolreplication THEN 'REPLICATION' END], NULL)::text[] AS powers
     FROM pg_roles WHERE rolname = ANY ($1) ORDER BY 1`,
    [logins],
  );
  const faults = rows.flatMap((row) =>
    (row['powers'] as string[]).map((power) => `${String(row['role'])} is ${power}`),
  );
  for (const login of logins)
    if (!rows.some((row) => row['role'] === login)) faults.push(`there is no role ${login}`);
  return judgeFaults(faults, `${rows.length} login roles hold no power of the server.`, [evidence]);
}

/** No administrator or auditor can be freed of the second factor: the store itself refuses it. */
export async function factorPolicyHolds(asked: Asked): Promise<Answer> {
  const { rows, evidence } = await askCatalog(
    asked,
    'clinical',
    `SELECT pg_get_constraintdef(oid) AS rule FROM pg_constraint
     WHERE conrelid = 'clinical.factor_policies'::regclass AND contype = 'c' AND convalidated`,
  );
  const rule = rows.map((row) => String(row['rule'])).find((text) => text.includes('factor_required')) ?? '';
  const faults = ['role.admin', 'role.corporateAdmin', 'role.auditor']
    .filter((role) => !rule.includes(`'${role}'`))
    .map((role) => `a tenant could free ${role} of the second factor`);
  return judgeFaults(faults, 'The store refuses a policy that frees an administrator or auditor.', [
    evidence,
  ]);
}

const wantedSettings: Readonly<Record<string, (value: string) => boolean>> = {
  ssl: (value) => value === 'on',
  ssl_min_protocol_version: (value) => value === 'TLSv1.2' || value === 'TLSv1.3',
  password_encryption: (value) => value === 'scram-sha-256',
  log_parameter_max_length: (value) => value === '0',
  log_parameter_max_length_on_error: (value) => value === '0',
  log_statement: (value) => value === 'none' || value === 'ddl',
};

/** The server's own settings: TLS, password hashes, no bind values in its log. */
export async function serverKeepsQuiet(asked: Asked): Promise<Answer> {
  const { rows, evidence } = await askCatalog(
    asked,
    'clinical',
    'SELECT name, setting FROM pg_settings WHERE name = ANY ($1) ORDER BY name',
    [Object.keys(wantedSettings)],
  );
  const settings = new Map(rows.map((row) => [String(row['name']), String(row['setting'])]));
  const faults = Object.entries(wantedSettings)
    .filter(([name, holds]) => !holds(settings.get(name) ?? ''))
    .map(([name]) => `${name} is ${settings.get(name) ?? 'not set'}`);
  return judgeFaults(faults, 'The server speaks TLS 1.2 or newer and writes no bind value to its log.', [
    evidence,
  ]);
}

/** What deletes or shortens: policies for retention exist for every class. */
export async function holdsAreGuarded(asked: Asked): Promise<Answer> {
  const { rows, evidence } = await askCatalog(
    asked,
    'clinical',
    `SELECT t AS table, to_regclass(t) IS NOT NULL AS there FROM unnest(ARRAY['clinical.legal_holds', 'clinical.restrictions']) AS t`,
  );
  const faults = rows
    .filter((row) => row['there'] !== true)
    .map((row) => `${String(row['table'])} is not there`);
  return judgeFaults(faults, 'Legal holds and restrictions have tables of their own.', [evidence]);
}
