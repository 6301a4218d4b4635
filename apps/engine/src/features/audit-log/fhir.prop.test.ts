import fc from 'fast-check';
import { expect, it } from 'vitest';
import { auditEvent, patientEvent } from '../../../../../testing/audit/fhir-audit-event.ts';
import { auditActions } from '../../audit/entry.ts';
import { toAuditEvent } from './fhir.ts';
import type { EntryRow } from './query-entries.ts';

const nullable = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: null });
const rows: fc.Arbitrary<EntryRow> = fc.record({
  id: fc.uuid(),
  place: fc.constant(''),
  at: fc.date({ min: new Date('2020-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
  actor_subject: nullable(fc.uuid()),
  actor_role: nullable(fc.constantFrom('role.clinician', 'role.patient')),
  initiator_type: fc.constantFrom('user', 'patient', 'service', 'system', 'anonymous'),
  action: fc.constantFrom(...auditActions, 'sign-in.completed', 'retention.month-dropped'),
  data_class_ids: fc.constant(['patientProfile']),
  decision: fc.constantFrom('permit', 'deny'),
  reason_code: fc.constantFrom('granted', 'no-such-record'),
  resource_type: nullable(fc.constantFrom('Patient', 'IntakeForm')),
  resource_id: nullable(fc.uuid()),
  clinic_id: nullable(fc.uuid()),
  patient_pseudonym: nullable(fc.uuid()),
  purpose: nullable(fc.constantFrom('care', 'month.2015-03')),
  provider_id: nullable(fc.constant('provider.example')),
  purpose_id: nullable(fc.constant('purpose.chat.triage.assist')),
  outcome: fc.constantFrom('intent', 'success', 'failure', 'none'),
  intent_id: nullable(fc.uuid()),
  request_id: nullable(fc.uuid()),
  client_address: nullable(fc.constantFrom('192.0.2.1', '2001:db8::1')),
  record_count: nullable(fc.nat()),
  leaf_index: nullable(fc.nat().map(String)),
  proven: fc.boolean(),
});

it('writes every entry as an AuditEvent of FHIR R4, and claims a BALP profile only where it keeps it', () => {
  let claimed = 0;
  fc.assert(
    fc.property(rows, (row) => {
      const event = auditEvent.parse(toAuditEvent(row));
      if (event.meta?.profile === undefined) return;
      claimed += 1;
      patientEvent.parse(event);
    }),
    { numRuns: 300 },
  );
  expect(claimed).toBeGreaterThan(0);
});

it('is held to a schema that refuses what R4 does not have', () => {
  const good = toAuditEvent({ ...fc.sample(rows, 1)[0], action: 'record.opened' } as EntryRow);
  expect(auditEvent.safeParse(good).success).toBe(true);
  for (const bad of [
    { ...good, agent: [] },
    { ...good, outcome: '1' },
    { ...good, who: 'x' },
    { ...good, recorded: 'now' },
  ])
    expect(auditEvent.safeParse(bad).success).toBe(false);
});
