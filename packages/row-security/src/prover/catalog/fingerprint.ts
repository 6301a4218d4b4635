import { createHash } from 'node:crypto';
import type pg from 'pg';

// Everything that decides who sees what, in an order of its own and without object ids, which differ between databases.
const facts = `
WITH ours AS (
  SELECT n.oid, n.nspname, n.nspacl FROM pg_namespace n
  WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND NOT n.nspname = ANY ($1))
SELECT 'schema', nspname::text, nspacl::text, '' FROM ours
UNION ALL SELECT 'relation', n.nspname || '.' || c.relname,
  concat_ws(' ', c.relkind, c.relrowsecurity, c.relforcerowsecurity, c.relacl::text, pg_get_userbyid(c.relowner), c.reloptions::text,
    c.relispartition),
  CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) ELSE '' END
  FROM pg_class c JOIN ours n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
UNION ALL SELECT 'column', n.nspname || '.' || c.relname || '.' || a.attname,
  concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, a.attacl::text),
  coalesce((SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d WHERE d.adrelid = c.oid AND d.adnum = a.attnum), '')
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN ours n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL SELECT 'constraint', n.nspname || '.' || coalesce(c.relname, t.typname) || ': ' || k.conname, pg_get_constraintdef(k.oid), ''
  FROM pg_constraint k JOIN ours n ON n.oid = k.connamespace LEFT JOIN pg_class c ON c.oid = k.conrelid LEFT JOIN pg_type t ON t.oid = k.contypid
UNION ALL SELECT 'index', n.nspname || '.' || c.relname, pg_get_indexdef(c.oid), ''
  FROM pg_class c JOIN ours n ON n.oid = c.relnamespace WHERE c.relkind IN ('i', 'I')
UNION ALL SELECT 'policy', n.nspname || '.' || c.relname || ': ' || p.polname,
  concat_ws(' ', p.polcmd, p.polpermissive, ARRAY(SELECT CASE r WHEN 0 THEN 'public' ELSE pg_get_userbyid(r)::text END FROM unnest(p.polroles) r ORDER BY 1)::text),
  concat_ws(' / ', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN ours n ON n.oid = c.relnamespace
UNION ALL SELECT 'routine', n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
  concat_ws(' ', p.proacl::text, pg_get_userbyid(p.proowner)), pg_get_functiondef(p.oid)
  FROM pg_proc p JOIN ours n ON n.oid = p.pronamespace WHERE p.prokind IN ('f', 'p')
UNION ALL SELECT 'trigger', n.nspname || '.' || c.relname || ': ' || t.tgname, t.tgenabled::text, pg_get_triggerdef(t.oid)
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN ours n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal
UNION ALL SELECT 'rule', n.nspname || '.' || c.relname || ': ' || w.rulename, w.ev_enabled::text, pg_get_ruledef(w.oid)
  FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class JOIN ours n ON n.oid = c.relnamespace
UNION ALL SELECT 'default privileges', coalesce(n.nspname, '*') || ' ' || pg_get_userbyid(d.defaclrole) || ' ' || d.defaclobjtype::text, d.defaclacl::text, ''
  FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
ORDER BY 1, 2, 3, 4`;

export interface Fingerprint {
  /** SHA-256 over all facts, hexadecimal. */
  readonly digest: string;
  /** Digest of each fact by its name, to say where two databases differ. */
  readonly facts: ReadonlyMap<string, string>;
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * What decides who sees what, as one digest. Two databases with the same one answer an attack alike. Partitions stand for their root, since
 * their number grows with time, and the administrator's name for any administrator's.
 */
export async function takeFingerprint(
  client: pg.ClientBase,
  ignoreSchemas: readonly string[],
): Promise<Fingerprint> {
  const rename = await readNames(client);
  const { rows } = await client.query<(string | null)[]>({
    text: facts,
    values: [ignoreSchemas],
    rowMode: 'array',
  });
  const found = new Map<string, Set<string>>();
  for (const [kind, name, ...rest] of rows) {
    const key = rename(`${kind ?? ''} ${name ?? ''}`);
    // The order in which grants were given does not change what they give.
    const text = rest
      .map((part) => rename(part ?? '').replace(/\{[^{}]*=[^{}]*\}/g, sortedGrants))
      .join('\n');
    found.set(key, (found.get(key) ?? new Set()).add(digestOf(text)));
  }
  const each = new Map([...found].map(([name, digests]) => [name, [...digests].sort().join(' ')]));
  return { digest: digestOf([...each].sort().flat().join('\n')), facts: each };
}

async function readNames(client: pg.ClientBase): Promise<(text: string) => string> {
  const { rows } = await client.query<{ own: string; common: string }>(
    `SELECT c.relname AS own, r.relname AS common FROM pg_class c JOIN pg_class r ON r.oid = pg_partition_root(c.oid)
       WHERE c.relispartition AND c.relkind IN ('r', 'p') AND r.oid <> c.oid
     UNION ALL SELECT current_user::text, 'administrator'`,
  );
  // The longest first, for one name may begin with another.
  const names = rows.sort((one, other) => other.own.length - one.own.length);
  return (text) => names.reduce((said, { own, common }) => said.replaceAll(own, common), text);
}

function sortedGrants(list: string): string {
  return list.slice(1, -1).split(',').sort().join(',');
}

/** Names of the facts that only one of the two has, or has otherwise. */
export function differencesOf(one: Fingerprint, other: Fingerprint): string[] {
  const names = new Set([...one.facts.keys(), ...other.facts.keys()]);
  return [...names].filter((name) => one.facts.get(name) !== other.facts.get(name));
}
