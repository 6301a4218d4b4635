import type pg from 'pg';

/** What the catalog says of roles and grants, for the gates. */
export interface Facts {
  readonly roles: readonly RoleFact[];
  /** `schema.name` of relations that a role beyond the owner may reach, and what it may do there. */
  readonly grants: readonly { readonly role: string; readonly object: string; readonly privilege: string }[];
  readonly databaseGrants: readonly { readonly role: string; readonly privilege: string }[];
  readonly schemaCreate: readonly { readonly role: string; readonly schema: string }[];
  readonly executable: readonly { readonly role: string; readonly signature: string }[];
  readonly defaults: readonly {
    readonly owner: string;
    readonly schema: string;
    readonly grantee: string;
    readonly privilege: string;
  }[];
  readonly leakproof: readonly string[];
}

export interface RoleFact {
  readonly name: string;
  readonly exists: boolean;
  readonly powers: readonly string[];
  readonly owns: readonly string[];
  readonly memberOf: readonly string[];
}

const ours = (schema: string): string =>
  `${schema}.nspname NOT LIKE 'pg\\_%' AND ${schema}.nspname <> 'information_schema' AND NOT ${schema}.nspname = ANY ($2)
   AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.objid = ${schema}.oid AND x.deptype = 'e')`;

const query = `SELECT json_build_object(
  'roles', (SELECT coalesce(json_agg(json_build_object('name', w.name, 'exists', r.oid IS NOT NULL,
     'powers', array_remove(ARRAY[CASE WHEN r.rolsuper THEN 'SUPERUSER' END, CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END,
       CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END, CASE WHEN r.rolcreatedb THEN 'CREATEDB' END, CASE WHEN r.rolreplication THEN 'REPLICATION' END], NULL),
     'owns', (SELECT coalesce(json_agg(n.nspname || '.' || c.relname), '[]') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND ${ours('n')}),
     'memberOf', (SELECT coalesce(json_agg(g.rolname), '[]') FROM pg_roles g WHERE g.oid <> r.oid AND pg_has_role(r.oid, g.oid, 'MEMBER')))), '[]')
    FROM unnest($1::text[]) AS w(name) LEFT JOIN pg_roles r ON r.rolname = w.name),
  'grants', (SELECT coalesce(json_agg(DISTINCT jsonb_build_object('role', CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(x.grantee)::text END,
      'object', n.nspname || '.' || c.relname, 'privilege', x.privilege_type)), '[]')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (SELECT * FROM aclexplode(c.relacl) UNION ALL SELECT e.* FROM pg_attribute a CROSS JOIN LATERAL aclexplode(a.attacl) AS e WHERE a.attrelid = c.oid) AS x
    WHERE x.grantee <> c.relowner AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND ${ours('n')}
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')),
  'databaseGrants', (SELECT coalesce(json_agg(json_build_object('role', w.name, 'privilege', p)), '[]')
    FROM unnest($1::text[]) AS w(name) JOIN pg_roles r ON r.rolname = w.name CROSS JOIN unnest(ARRAY['TEMP', 'CREATE']) AS p
    WHERE has_database_privilege(r.oid, current_database(), p)),
  'schemaCreate', (SELECT coalesce(json_agg(json_build_object('role', w.name, 'schema', n.nspname)), '[]')
    FROM unnest($1::text[]) AS w(name) JOIN pg_roles r ON r.rolname = w.name CROSS JOIN pg_namespace n
    WHERE n.nspname NOT LIKE 'pg\\_%' AND has_schema_privilege(r.oid, n.oid, 'CREATE')),
  'executable', (SELECT coalesce(json_agg(json_build_object('role', w.name, 'signature',
      format('%s.%s(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)))), '[]')
    FROM unnest($1::text[]) AS w(name) JOIN pg_roles r ON r.rolname = w.name CROSS JOIN pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.prosecdef AND ${ours('n')} AND has_function_privilege(r.oid, p.oid, 'EXECUTE')),
  'defaults', (SELECT coalesce(json_agg(json_build_object('owner', pg_get_userbyid(d.defaclrole), 'schema', coalesce(n.nspname, '*'),
      'grantee', CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(x.grantee)::text END, 'privilege', x.privilege_type)), '[]')
    FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace CROSS JOIN LATERAL aclexplode(d.defaclacl) AS x
    WHERE x.grantee <> d.defaclrole AND d.defaclobjtype IN ('r', 'S')),
  'leakproof', (SELECT coalesce(json_agg(n.nspname || '.' || p.proname), '[]') FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.proleakproof AND ${ours('n')} AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'))
) AS document`;

export async function readFacts(
  client: pg.ClientBase,
  loginRoles: readonly string[],
  ignoreSchemas: readonly string[],
): Promise<Facts> {
  const { rows } = await client.query<{ document: Facts | string }>(query, [loginRoles, ignoreSchemas]);
  const document = rows[0]?.document ?? '{}';
  return typeof document === 'string' ? (JSON.parse(document) as Facts) : document;
}
