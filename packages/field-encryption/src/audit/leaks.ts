/** Objects of a database that hold, or compute for others to see, what a column encrypts. */
export type LeakKind =
  'default' | 'generated' | 'trigger' | 'index' | 'view' | 'statistics' | 'constraint' | 'policy' | 'rule';

/** Whatever turns ciphertext into text: pgcrypto's functions and ours. */
const opens = `'(pgp_(sym|pub)_decrypt|try_open_cell|reseal_cell|\\mdecrypt(_iv)?\\()'`;
const own = `n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND NOT n.nspname = ANY ($1::text[])`;
const cipherColumn = (table: string, number: string): string =>
  `EXISTS (SELECT FROM pg_attribute x WHERE x.attrelid = ${table} AND x.attnum = ${number} AND x.atttypid = to_regtype('cordon.ciphertext'))`;

/** Each answers rows with a `place`. */
export const leakQueries: readonly (readonly [LeakKind, string])[] = [
  // A ciphertext that the schema brings is under a key that the schema knows, or no ciphertext.
  [
    'default',
    `SELECT format('%s.%s', c.oid::regclass, a.attname) AS place
     FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.adnum
     WHERE ${own} AND a.attgenerated = ''
       AND (a.atttypid = to_regtype('cordon.ciphertext') OR pg_get_expr(d.adbin, d.adrelid) ~ ${opens})`,
  ],
  [
    'generated',
    `SELECT format('%s.%s', c.oid::regclass, a.attname) AS place
     FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.adnum
     WHERE ${own} AND a.attgenerated <> '' AND (pg_get_expr(d.adbin, d.adrelid) ~ ${opens}
       OR EXISTS (SELECT FROM pg_depend p WHERE p.classid = 'pg_attrdef'::regclass AND p.objid = d.oid
         AND p.refclassid = 'pg_class'::regclass AND p.refobjid = c.oid AND ${cipherColumn('c.oid', 'p.refobjsubid')}))`,
  ],
  [
    'trigger',
    `SELECT format('%s: %s', c.oid::regclass, t.tgname) AS place
     FROM pg_trigger t JOIN pg_proc f ON f.oid = t.tgfoid
     JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${own} AND NOT t.tgisinternal AND (f.prosrc ~ ${opens} OR pg_get_triggerdef(t.oid) ~ ${opens})`,
  ],
  // On the ciphertext itself an index is of no use, and a decrypted one holds the text.
  [
    'index',
    `SELECT i.indexrelid::regclass::text AS place
     FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${own} AND (pg_get_indexdef(i.indexrelid) ~ ${opens}
       OR EXISTS (SELECT FROM unnest(i.indkey::smallint[]) k WHERE ${cipherColumn('c.oid', 'k')})
       OR EXISTS (SELECT FROM pg_depend p WHERE p.classid = 'pg_class'::regclass AND p.objid = i.indexrelid
         AND p.refclassid = 'pg_class'::regclass AND p.refobjid = c.oid AND ${cipherColumn('c.oid', 'p.refobjsubid')}))`,
  ],
  [
    'view',
    `SELECT c.oid::regclass::text AS place FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${own} AND c.relkind IN ('v', 'm') AND pg_get_viewdef(c.oid) ~ ${opens}`,
  ],
  [
    'statistics',
    `SELECT format('%I.%I', n.nspname, e.stxname) AS place FROM pg_statistic_ext e JOIN pg_namespace n ON n.oid = e.stxnamespace
     WHERE ${own} AND (pg_get_statisticsobjdef(e.oid) ~ ${opens}
       OR EXISTS (SELECT FROM unnest(e.stxkeys::smallint[]) k WHERE ${cipherColumn('e.stxrelid', 'k')}))`,
  ],
  [
    'constraint',
    `SELECT format('%s: %s', c.oid::regclass, k.conname) AS place
     FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${own} AND pg_get_constraintdef(k.oid) ~ ${opens}`,
  ],
  [
    'policy',
    `SELECT format('%s: %s', c.oid::regclass, p.polname) AS place
     FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${own} AND concat(pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) ~ ${opens}`,
  ],
  [
    'rule',
    `SELECT format('%s: %s', c.oid::regclass, r.rulename) AS place
     FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${own} AND c.relkind NOT IN ('v', 'm') AND pg_get_ruledef(r.oid) ~ ${opens}`,
  ],
];
