import { isForgery, type Finding } from '@cordon/audit-log';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyStore } from '../../apps/cli/src/audit/verify.ts';
import { openHundredEntries, type HundredEntries } from './hundred-entries.ts';

let store: HundredEntries['store'];
let settings: HundredEntries['settings'];
/** The table that holds the hundred entries. */
let filled: string;
/** Its bounds. */
let bounds: string;
const expired = 'audit.audit_logs_2015_03';
const march = `FOR VALUES FROM ('2015-03-01 00:00+00') TO ('2015-04-01 00:00+00')`;

beforeAll(async () => {
  ({ store, settings } = await openHundredEntries());
  const [row] = await store.query<{ name: string; bounds: string }>(
    `SELECT c.oid::regclass::text AS name, pg_get_expr(c.relpartbound, c.oid) AS bounds
     FROM pg_class c WHERE c.oid = (SELECT tableoid FROM audit.audit_logs LIMIT 1)`,
  );
  ({ name: filled, bounds } = row ?? { name: '', bounds: '' });
  await store.query(`CREATE TABLE ${expired} PARTITION OF audit.audit_logs ${march}`);
  await store.query(
    `SELECT audit.make_append_only(t), audit.open_policies(t) FROM (VALUES ('${expired}'::regclass)) AS v (t)`,
  );
});
afterAll(() => store.close());

const findings = async (): Promise<readonly Finding[]> => (await verifyStore(settings)).findings;
const detach = (table: string) => `ALTER TABLE audit.audit_logs DETACH PARTITION ${table};`;
const attach = (table: string, to: string) => `ALTER TABLE audit.audit_logs ATTACH PARTITION ${table} ${to};`;
const rename = (table: string, to: string) => `ALTER TABLE ${table} RENAME TO ${to};`;
const shortOf = (table: string) => table.replace('audit.', '');

it('finds nothing wrong with the months as they were made', async () => {
  expect(await findings()).toEqual([]);
});

/** What a superuser does, how it is taken back, and how each table concerned is described. No row is lost or changed. */
const attacks: Record<string, () => [does: string, back: string, details: string[]]> = {
  'two months under each other’s names': () => {
    const [one, other] = [shortOf(expired), shortOf(filled)];
    const swap = `${rename(expired, 'kept_aside')} ${rename(filled, one)} ${rename('audit.kept_aside', other)}`;
    const fault = 'does not have the bounds of its month';
    return [swap, swap, [`${one} ${fault}`, `${other} ${fault}`]];
  },
  'a month that reaches further': () => [
    detach(expired) + attach(expired, `FOR VALUES FROM ('2015-03-01Z') TO ('2015-05-01Z')`),
    detach(expired) + attach(expired, march),
    ['audit_logs_2015_03 does not have the bounds of its month'],
  ],
  'a month that nobody reads any more': () => [
    detach(expired),
    attach(expired, march),
    ['audit_logs_2015_03 is not attached to the log'],
  ],
  'a month in another schema': () => [
    `CREATE SCHEMA elsewhere; ALTER TABLE ${expired} SET SCHEMA elsewhere;`,
    `ALTER TABLE elsewhere.audit_logs_2015_03 SET SCHEMA audit; DROP SCHEMA elsewhere;`,
    ['elsewhere.audit_logs_2015_03 is not named after a month'],
  ],
  'a table for all that fits no month': () => [
    'CREATE TABLE audit.audit_logs_rest PARTITION OF audit.audit_logs DEFAULT;',
    'DROP TABLE audit.audit_logs_rest;',
    ['audit_logs_rest is not named after a month'],
  ],
  'a table for all that fits no month, named like one': () => [
    'CREATE TABLE audit.audit_logs_2014_01 PARTITION OF audit.audit_logs DEFAULT;',
    'DROP TABLE audit.audit_logs_2014_01;',
    ['audit_logs_2014_01 does not have the bounds of its month'],
  ],
  'a month that is made of others': () => [
    `CREATE TABLE audit.audit_logs_2014_01 PARTITION OF audit.audit_logs FOR VALUES FROM ('2014-01-01Z') TO ('2014-02-01Z')
       PARTITION BY RANGE (at);`,
    'DROP TABLE audit.audit_logs_2014_01;',
    ['audit_logs_2014_01 is no table of its own'],
  ],
  'a month that takes changes': () => guard('DISABLE RULE no_update', 'ENABLE ALWAYS RULE no_update'),
  'a month that takes changes of a replica': () => guard('ENABLE RULE no_delete', 'ENABLE ALWAYS RULE no_delete'),
  'a month that can be emptied': () => guard('DISABLE TRIGGER no_truncate', 'ENABLE ALWAYS TRIGGER no_truncate'),
  'a month that anybody sees': () => guard('NO FORCE ROW LEVEL SECURITY', 'FORCE ROW LEVEL SECURITY'),
  'a month whose entries pass a hand first': () => [
    `CREATE TRIGGER softens BEFORE INSERT ON ${filled} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();`,
    `DROP TRIGGER softens ON ${filled};`,
    [`${shortOf(filled)} lacks a rule, a trigger or its row security, or has others`],
  ],
}; // prettier-ignore

function guard(does: string, back: string): [string, string, string[]] {
  const detail = `${shortOf(filled)} lacks a rule, a trigger or its row security, or has others`;
  return [`ALTER TABLE ${filled} ${does};`, `ALTER TABLE ${filled} ${back};`, [detail]];
}

it.each(Object.entries(attacks))('names %s, though every row is there', async (_what, attack) => {
  const [does, back, details] = attack();
  await store.query(does);
  try {
    const found = await findings();
    expect(found.map(({ kind }) => kind)).toEqual(details.map(() => 'month-altered'));
    expect(found.map(({ detail }) => detail).toSorted()).toEqual(details.toSorted());
    expect(found.every(isForgery)).toBe(true);
    // Nor is a month dropped that is not what it is called.
    if (details.some((detail) => detail.includes('audit_logs_2015_03')))
      await expect(
        store.query(`SELECT audit.announce_expired_month('2015-03-01Z', '7 years')`),
      ).rejects.toThrow('no partition of that month');
  } finally {
    await store.query(back);
  }
  expect(await findings()).toEqual([]);
});

it('names the entries of a month that was detached', async () => {
  await store.query(detach(filled));
  try {
    const found = await findings();
    expect(found[0]).toMatchObject({ kind: 'removed', index: 0 });
    expect(found.filter(({ kind }) => kind === 'removed').length).toBeGreaterThan(90);
  } finally {
    await store.query(attach(filled, bounds));
  }
  expect(await findings()).toEqual([]);
});

it('names a month whose rows were moved into another table, and what was put among them', async () => {
  await store.query(`
    ${detach(filled)}
    CREATE TABLE audit.audit_logs_rest PARTITION OF audit.audit_logs DEFAULT;
    INSERT INTO audit.audit_logs SELECT * FROM ${filled};
    UPDATE audit.audit_logs_rest SET reason_code = 'other' WHERE id = (SELECT entry_id FROM audit.audit_leaves WHERE leaf_index = 50);
    DROP TABLE ${filled};`);
  const found = await findings();
  expect(found.map(({ kind, index }) => [kind, index])).toEqual([
    ['changed', 50],
    ['month-altered', null],
  ]);
});
