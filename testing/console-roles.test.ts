import { fileURLToPath } from 'node:url';
import { type Action, type DataClassId, ROLE_IDS, loadPolicy } from '@cordon/access-policy';
import { describe, expect, it } from 'vitest';
import type { PatientProfile } from '../apps/console/ui/src/api/types.ts';
import {
  type Section,
  booksAppointments,
  mayRaiseAlerts,
  mayTakeAlerts,
  sectionsOf,
  seesPatientNames,
  treatsPatients,
} from '../apps/console/ui/src/parts/roles.ts';
import { isShownTo } from '../apps/console/ui/src/patients/profile-fields.ts';

const policy = await loadPolicy(fileURLToPath(new URL('../config', import.meta.url)));
const { recordFields, fieldViews } = policy.files.retentionAndAccess.accessRules;
type Role = (typeof ROLE_IDS)[number];

/** Asks as a member of the clinic, about the record of somebody else: what staff do. */
function decide(role: Role, action: Action, dataClass: DataClassId) {
  const caller = { tenantId: 't', clinicIds: ['c'], role, subject: 's', factorAgeSeconds: 0 };
  return policy.decide(caller, action, dataClass, { tenantId: 't', clinicId: 'c', patientRecordId: 'p' });
}
const may = (...asked: Parameters<typeof decide>): boolean => decide(...asked).decision === 'permit';

/** What each section asks of the engine when it is used. */
const NEEDS: Record<Section, readonly [Action, DataClassId][]> = {
  intake: [
    ['create', 'intakeForm'],
    ['create', 'patientProfile'],
  ],
  today: [
    ['list', 'appointmentBooking'],
    ['list', 'patientProfile'],
  ],
  patients: [['list', 'patientProfile']],
  alerts: [['list', 'urgencyAlert']],
  enquiries: [
    ['list', 'marketingLead'],
    ['update', 'marketingLead'],
  ],
  emergency: [['break-glass', 'patientProfile']],
  clinics: [['switch-clinic', 'patientProfile']],
  reviews: [
    ['list', 'auditLogEntry'],
    ['acknowledge', 'auditLogEntry'],
  ],
  audit: [['list', 'auditLogEntry']],
  controls: [['list', 'auditLogEntry']],
  settings: [['update', 'portalAccount']],
};

describe.each(ROLE_IDS)('what the console knows of %s agrees with the shipped policy', (role) => {
  it('on the sections that it can use', () => {
    const usable = Object.entries(NEEDS)
      .filter(([, needs]) => needs.every(([action, dataClass]) => may(role, action, dataClass)))
      .map(([section]) => section);
    expect([...sectionsOf(role)].sort()).toEqual(usable.sort());
  });

  it('on the ceiling, which no section lies above', () => {
    const { readable, writable } = policy.ceilingOf(role);
    for (const [action, dataClass] of sectionsOf(role).flatMap((section) => NEEDS[section]))
      // A switch opens what is read, and writes nothing of a patient.
      expect(['list', 'switch-clinic'].includes(action) ? readable : writable).toContain(dataClass);
  });

  it('on raising alerts', () => {
    expect(mayRaiseAlerts(role)).toBe(may(role, 'create', 'urgencyAlert'));
  });

  it('on the clinical record', () => {
    const asked = (['list', 'create'] as const).every((action) => may(role, action, 'clinicalRecord'));
    expect(treatsPatients(role)).toBe(asked && may(role, 'list', 'treatmentPlan'));
  });

  it('on booking', () => {
    expect(booksAppointments(role)).toBe(may(role, 'create', 'appointmentBooking'));
  });

  it('on taking alerts', () => {
    expect(mayTakeAlerts(role)).toBe(may(role, 'acknowledge', 'urgencyAlert'));
  });

  it('on seeing names, where it sees patients at all', () => {
    const decision = decide(role, 'list', 'patientProfile');
    if (decision.decision === 'permit') expect(seesPatientNames(role)).toBe(decision.reason === 'granted');
  });

  it('on the fields of a profile that it is shown', () => {
    const view = fieldViews.find(
      ({ dataClassId, roles, actions }) =>
        dataClassId === 'patientProfile' && roles.includes(role) && actions.includes('read'),
    );
    const fields = recordFields.find(({ dataClassId }) => dataClassId === 'patientProfile')?.fields ?? [];
    expect(fields).toHaveLength(7);
    const shown = fields.filter((field) => isShownTo(role, field as keyof PatientProfile));
    expect(shown).toEqual(view?.fields ?? fields);
  });
});
