import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCodeOf, prove, type Proof, renderText } from './prover.ts';
import { type Fixture, leaksOf, makeFixture, readNaiveSchema, settingConfig } from './testing/fixture.ts';

let fixture: Fixture;
let proof: Proof;
beforeAll(async () => {
  fixture = await makeFixture(await readNaiveSchema());
  proof = await prove({ config: settingConfig(fixture.app), scratch: fixture.target });
});
afterAll(() => fixture.drop());

/** One line for each way in which the textbook schema leaks, and the object that does it. */
const expected = [
  'context.forged-by-set-config app.patients',
  'context.no-context app.messages',
  'rows.select app.messages',
  'rows.copy-to app.messages',
  'rows.cursor app.messages',
  'rows.for-update app.messages',
  'rows.select app.invoices_open',
  'rows.insert app.invoices',
  'rows.insert app.messages',
  'rows.returning app.messages',
  'rows.on-conflict app.messages',
  'rows.update app.invoices',
  'rows.update-tenant app.messages',
  'rows.delete app.messages',
  'rows.merge app.messages',
  'rows.truncate app.patients',
  'rows.copy-from app.messages',
  'rows.prepared-plan app.patients',
  'rows.view app.patient_list',
  'rows.view app.patient_names',
  'rows.function app.find_patient',
  'oracle.unique app.patients',
  'oracle.exclusion app.appointments',
  'oracle.foreign-key app.messages',
  'oracle.sequence app.patients',
  'statistics.values app.messages',
  'statistics.row-count app.patients',
  'statistics.counters app.patients',
  'statistics.explain app.messages',
  'errors.text app.patient_list',
  'notify app.patients',
  'large-objects *',
  'objects.temporary *',
  'objects.create app',
  'residue.cursor *',
  'residue.setting *',
  'residue.temporary-table *',
  'residue.prepared-statement *',
  'gate.row-security app.messages',
  'gate.forced app.patients',
  'gate.policy-missing app.messages',
  'gate.policy-public app.patients',
  'gate.policy-tenant app.invoices',
  'gate.key-tenant app.patients',
  'gate.foreign-key-tenant app.messages',
  'gate.tenant-column app.search_terms',
  'gate.view-invoker app.patient_list',
  'gate.view-invoker app.patient_names',
  'gate.definer-function app.find_patient',
  'gate.definer-search-path app.find_patient',
  'gate.immutable-context app.current_tenant',
  'gate.beyond-rows app.patients',
  'gate.public-grants app.patients',
  'gate.default-privileges app.*',
];

describe('the textbook schema', () => {
  it.each(expected)('leaks: %s', (leak) => {
    expect(leaksOf(proof)).toContain(leak);
  });

  it('leaks in more than twenty ways, and the exit code says so', () => {
    expect(new Set(leaksOf(proof).map((leak) => leak.split(' ')[0])).size).toBeGreaterThan(20);
    expect(exitCodeOf([proof])).toBe(1);
  });

  it('is reported with the SQL that leaked, what it showed and the fix, and without a row', () => {
    const text = renderText([proof]);
    expect(text).toContain('SQL  SELECT "id"::text');
    for (const attempt of proof.record.attempts('leaked')) {
      expect(attempt.fix ?? '').not.toBe('');
      expect(attempt.evidence ?? '').not.toBe('');
    }
    expect(text).toMatch(/LEAKS: \d+ attacks came through/);
  });

  it('has every table filled by the prover itself', () => {
    expect(proof.record.attempts('not-run').filter(({ channel }) => channel === 'rows.planted')).toEqual([]);
  });
});
