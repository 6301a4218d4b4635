import { describe, expect, it } from 'vitest';
import { exportFormats } from './formats.ts';
import type { EntryRow } from './query-entries.ts';

const row = (resourceId: string): EntryRow => ({
  id: '00000000-0000-4000-8000-000000000001',
  place: '',
  at: new Date('2026-05-03T12:00:00Z'),
  actor_subject: null,
  actor_role: 'role.clinician',
  initiator_type: 'user',
  action: 'record.opened',
  data_class_ids: ['intakeForm'],
  decision: 'permit',
  reason_code: 'granted',
  resource_type: 'IntakeForm',
  resource_id: resourceId,
  clinic_id: null,
  patient_pseudonym: null,
  purpose: null,
  provider_id: null,
  purpose_id: null,
  outcome: 'none',
  intent_id: null,
  request_id: null,
  client_address: null,
  record_count: null,
  leaf_index: null,
  proven: false,
});

describe('a line of the CSV export', () => {
  it.each([
    ["=cmd|' /C calc'!A0", `"'=cmd|' /C calc'!A0"`],
    ['+1+1', `"'+1+1"`],
    ['-2+3', `"'-2+3"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['\t=1', `"'\t=1"`],
    ['\n=1', `"'\n=1"`],
    ['＝1+1', `"'＝1+1"`],
    ['＋1', `"'＋1"`],
    ['－1', `"'－1"`],
    ['＠SUM(A1)', `"'＠SUM(A1)"`],
    ['a","=1+1', '"a"",""=1+1"'],
    ['two\r\n=1', '"two\r\n=1"'],
    ['plain', '"plain"'],
  ])('holds %j as inert text in one cell', (text, cell) => {
    expect(exportFormats.csv.line(row(text))).toContain(`,${cell},`);
  });
});
