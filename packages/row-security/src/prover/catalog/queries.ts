// Each answers one json document, so that the catalog is read in few round trips and in one snapshot.

/** Relations, functions and schemas that an extension brought are the extension's business. */
const notFromExtension = (oid: string, catalog: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend x WHERE x.objid = ${oid} AND x.classid = '${catalog}'::regclass AND x.deptype = 'e')`;

/** $1: schemas to leave out. */
const ours = `n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND NOT n.nspname = ANY ($1)`;

const names = (relation: string, numbers: string): string =>
  `(SELECT coalesce(json_agg(a.attname ORDER BY u.place), '[]') FROM unnest(${numbers}) WITH ORDINALITY AS u(number, place)
    JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = u.number)`;

const columns = `(SELECT coalesce(json_agg(json_build_object(
    'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
    'baseType', CASE t.typtype WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod) ELSE format_type(a.atttypid, a.atttypmod) END,
    'domain', CASE t.typtype WHEN 'd' THEN tn.nspname || '.' || t.typname END,
    'domainChecks', (SELECT coalesce(json_agg(pg_get_expr(k.conbin, 0)), '[]') FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'),
    'enumLabels', (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid),
    'category', t.typcategory, 'notNull', a.attnotnull OR t.typnotnull, 'hasDefault', a.atthasdef AND a.attgenerated = '',
    'defaultText', (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d WHERE d.adrelid = c.oid AND d.adnum = a.attnum),
    'identity', a.attidentity, 'generated', a.attgenerated <> '', 'comment', col_description(c.oid, a.attnum)) ORDER BY a.attnum), '[]')
  FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid JOIN pg_namespace tn ON tn.oid = t.typnamespace
  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)`;

// What an index only carries along (INCLUDE) makes nothing unique; `indkey` counts from 0.
const keys = `(SELECT coalesce(json_agg(json_build_object(
    'name', i.relname, 'kind', CASE WHEN x.indisprimary THEN 'p' WHEN x.indisexclusion THEN 'x' ELSE 'u' END,
    'columns', ${names('c.oid', '(x.indkey::smallint[])[:x.indnkeyatts - 1]')},
    'expressions', x.indexprs IS NOT NULL) ORDER BY i.relname), '[]')
  FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
  WHERE x.indrelid = c.oid AND (x.indisunique OR x.indisexclusion))`;

const foreignKeys = `(SELECT coalesce(json_agg(json_build_object(
    'name', k.conname, 'columns', ${names('c.oid', 'k.conkey')},
    'target', (SELECT tn.nspname || '.' || t.relname FROM pg_class t JOIN pg_namespace tn ON tn.oid = t.relnamespace WHERE t.oid = k.confrelid),
    'targetColumns', ${names('k.confrelid', 'k.confkey')}) ORDER BY k.conname), '[]')
  FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.conparentid = 0)`;

const checks = `(SELECT coalesce(json_agg(json_build_object('name', k.conname, 'columns', ${names('c.oid', 'k.conkey')},
    'expression', pg_get_expr(k.conbin, k.conrelid)) ORDER BY k.conname), '[]')
  FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c')`;

// A policy depends on a column of its table by pg_depend, whatever its text looks like.
const policies = `(SELECT coalesce(json_agg(json_build_object('name', p.polname, 'command', p.polcmd, 'permissive', p.polpermissive,
    'roles', (SELECT json_agg(CASE r WHEN 0 THEN 'public' ELSE pg_get_userbyid(r)::text END) FROM unnest(p.polroles) AS r),
    'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid),
    'columns', (SELECT coalesce(json_agg(DISTINCT a.attname), '[]') FROM pg_depend d
      JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
      WHERE d.classid = 'pg_policy'::regclass AND d.objid = p.oid AND d.refclassid = 'pg_class'::regclass
        AND d.refobjid = p.polrelid AND d.refobjsubid > 0)) ORDER BY p.polname), '[]')
  FROM pg_policy p WHERE p.polrelid = c.oid)`;

export const tablesQuery = `SELECT coalesce(json_agg(json_build_object(
    'oid', c.oid::text, 'schema', n.nspname, 'name', c.relname, 'id', n.nspname || '.' || c.relname,
    'sql', format('%I.%I', n.nspname, c.relname), 'kind', c.relkind, 'owner', pg_get_userbyid(c.relowner),
    'rowSecurity', c.relrowsecurity, 'forced', c.relforcerowsecurity,
    'parent', (SELECT pn.nspname || '.' || p.relname FROM pg_inherits h JOIN pg_class p ON p.oid = h.inhparent
       JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE h.inhrelid = c.oid LIMIT 1),
    'partitionChecks', (SELECT coalesce(json_agg(pg_get_partition_constraintdef(l.relid)), '[]')
       FROM pg_partition_tree(c.oid) l WHERE l.isleaf AND c.relkind = 'p' AND pg_get_partition_constraintdef(l.relid) IS NOT NULL),
    'columns', ${columns}, 'keys', ${keys}, 'foreignKeys', ${foreignKeys}, 'checks', ${checks}, 'policies', ${policies})
    ORDER BY n.nspname, c.relname), '[]') AS document
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'f') AND ${ours} AND ${notFromExtension('c.oid', 'pg_class')}`;

export const viewsQuery = `SELECT coalesce(json_agg(json_build_object(
    'id', n.nspname || '.' || c.relname, 'sql', format('%I.%I', n.nspname, c.relname), 'materialized', c.relkind = 'm',
    'securityInvoker', coalesce(c.reloptions::text[] && ARRAY['security_invoker=true', 'security_invoker=on', 'security_invoker=1'], false),
    'securityBarrier', coalesce(c.reloptions::text[] && ARRAY['security_barrier=true', 'security_barrier=on', 'security_barrier=1'], false),
    'owner', pg_get_userbyid(c.relowner),
    'reads', (SELECT coalesce(json_agg(DISTINCT tn.nspname || '.' || t.relname), '[]') FROM pg_rewrite w
      JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_class'::regclass
      JOIN pg_class t ON t.oid = d.refobjid AND t.oid <> c.oid JOIN pg_namespace tn ON tn.oid = t.relnamespace
      WHERE w.ev_class = c.oid)) ORDER BY n.nspname, c.relname), '[]') AS document
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('v', 'm') AND ${ours} AND ${notFromExtension('c.oid', 'pg_class')}`;

export const routinesQuery = `SELECT coalesce(json_agg(json_build_object(
    'id', n.nspname || '.' || p.proname, 'sql', format('%I.%I', n.nspname, p.proname),
    'signature', format('%s.%s(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)), 'kind', p.prokind,
    'argumentTypes', (SELECT coalesce(json_agg(format_type(t, NULL) ORDER BY place), '[]')
      FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY AS a(t, place)),
    'definer', p.prosecdef, 'volatility', p.provolatile, 'language', l.lanname, 'owner', pg_get_userbyid(p.proowner),
    'source', coalesce(pg_get_function_sqlbody(p.oid), p.prosrc), 'settings', coalesce(to_json(p.proconfig), '[]'),
    'parsedBody', p.prosqlbody IS NOT NULL, 'returnsTrigger', p.prorettype IN ('trigger'::regtype, 'event_trigger'::regtype))
    ORDER BY n.nspname, p.proname, p.oid), '[]') AS document
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
  WHERE p.prokind IN ('f', 'p') AND ${ours} AND ${notFromExtension('p.oid', 'pg_proc')}`;

export const sequencesQuery = `SELECT coalesce(json_agg(json_build_object(
    'id', n.nspname || '.' || c.relname, 'sql', format('%I.%I', n.nspname, c.relname),
    'ownedBy', (SELECT tn.nspname || '.' || t.relname FROM pg_depend d JOIN pg_class t ON t.oid = d.refobjid
      JOIN pg_namespace tn ON tn.oid = t.relnamespace
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
        AND d.refobjsubid > 0 LIMIT 1)) ORDER BY n.nspname, c.relname), '[]') AS document
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'S' AND ${ours} AND ${notFromExtension('c.oid', 'pg_class')}`;
