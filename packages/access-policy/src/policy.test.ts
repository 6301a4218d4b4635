import { describe, expect, it } from 'vitest';
import { caller, outcome, policy, record } from '../testing/ask.ts';
import { change, readShippedFiles } from '../testing/shipped-files.ts';
import {
  ACTIONS,
  DATA_CLASS_IDS,
  ROLE_IDS,
  type Action,
  type DataClassId,
  type RoleId,
  type SignedInRoleId,
} from './ids.ts';
import { compilePolicy } from './policy.ts';

/** The agreed table of roles, written a second time by hand: a slip in the file does not pass here. */
const READS: Record<SignedInRoleId, string> = {
  'role.clinician':
    'portalAccount appointmentBooking treatmentPlan clinicalRecord imagingAsset billingRecord chatTranscriptPHI chatTranscriptNonPHI patientProfile intakeForm urgencyAlert',
  'role.receptionist':
    'portalAccount appointmentBooking billingRecord marketingLead patientProfile intakeForm urgencyAlert',
  'role.patient':
    'portalAccount appointmentBooking treatmentPlan billingRecord imagingAsset patientProfile accessReport consentRecord chatTranscriptPHI',
  'role.admin':
    'marketingLead websiteAnalyticsEvent portalAccount appointmentBooking treatmentPlan clinicalRecord imagingAsset billingRecord auditLogEntry systemMetric',
  'role.externalContractor': 'marketingLead websiteAnalyticsEvent systemMetric',
  'role.corporateAdmin':
    'marketingLead websiteAnalyticsEvent portalAccount appointmentBooking treatmentPlan clinicalRecord imagingAsset billingRecord systemMetric patientProfile intakeForm urgencyAlert',
  'role.auditor': 'auditLogEntry',
};
const CREATES: Record<SignedInRoleId, string> = {
  'role.clinician':
    'treatmentPlan clinicalRecord imagingAsset appointmentBooking billingRecord patientProfile intakeForm urgencyAlert',
  'role.receptionist': 'appointmentBooking marketingLead patientProfile intakeForm urgencyAlert',
  'role.patient': 'consentRecord',
  'role.admin': 'portalAccount appointmentBooking billingRecord',
  'role.externalContractor': '',
  'role.corporateAdmin': '',
  'role.auditor': '',
};
const RESTRICTED: Record<SignedInRoleId, string> = {
  'role.clinician': 'auditLogEntry',
  'role.receptionist': 'clinicalRecord imagingAsset',
  'role.patient': 'clinicalRecord auditLogEntry',
  'role.admin': '',
  'role.externalContractor': 'clinicalRecord imagingAsset treatmentPlan billingRecord',
  'role.corporateAdmin': '',
  'role.auditor': '',
};

describe.each(ROLE_IDS)('%s', (role) => {
  const switched = { activeClinicId: 'c1' };
  it('reads what the table says and nothing else', () => {
    const readable = DATA_CLASS_IDS.filter(
      (id) => policy.decide(caller(role), 'read', id, record(), switched).decision === 'permit',
    );
    expect(readable.toSorted()).toEqual(READS[role].split(' ').toSorted());
  });

  it('creates what the table says and nothing else', () => {
    const writable = DATA_CLASS_IDS.filter(
      (id) => policy.decide(caller(role), 'create', id, record(), switched).decision === 'permit',
    );
    expect(writable.toSorted()).toEqual(CREATES[role].split(' ').filter(Boolean).toSorted());
  });

  it('is refused every action on a restricted class, with that reason', () => {
    for (const id of RESTRICTED[role].split(' ').filter(Boolean) as DataClassId[]) {
      for (const action of ACTIONS) {
        expect(outcome(caller(role), action, id), `${action} ${id}`).toBe('deny role-restricted');
      }
    }
  });

  it('touches no record of another tenant', () => {
    for (const id of DATA_CLASS_IDS) {
      for (const action of ACTIONS) {
        expect(outcome(caller(role), action, id, record({ tenantId: 't2' })), `${action} ${id}`).toMatch(
          /^deny /,
        );
      }
    }
  });
});

describe('what nobody grants', () => {
  it.each([
    ['role', caller('role.nobody' as RoleId), 'read', 'patientProfile', 'unknown-role'],
    ['role that every object has', caller('constructor' as RoleId), 'read', 'patientProfile', 'unknown-role'],
    ['action', caller('role.clinician'), 'destroy' as Action, 'patientProfile', 'unknown-action'],
    ['data class', caller('role.clinician'), 'read', '__proto__' as DataClassId, 'unknown-data-class'],
  ] as const)('is denied: an unknown %s', (_what, asker, action, dataClass, reason) => {
    expect(outcome(asker, action, dataClass)).toBe(`deny ${reason}`);
  });

  it('is denied: a known action that no permission covers', () => {
    expect(outcome(caller('role.receptionist'), 'create', 'billingRecord')).toBe('deny no-grant');
  });
});

describe('clinical records', () => {
  it.each([
    ['role.clinician', 'create', 'permit granted'],
    ['role.clinician', 'amend', 'permit granted'],
    ['role.clinician', 'update', 'deny no-grant'],
    ['role.clinician', 'delete', 'deny no-grant'],
    ['role.admin', 'read', 'permit granted'],
    ['role.admin', 'create', 'deny role-restricted'],
    ['role.admin', 'update', 'deny role-restricted'],
    ['role.admin', 'amend', 'deny role-restricted'],
    ['role.corporateAdmin', 'amend', 'deny role-restricted'],
  ] as const)('%s %s: %s', (role, action, expected) => {
    expect(outcome(caller(role), action, 'clinicalRecord')).toBe(expected);
  });
});

describe('urgency alerts', () => {
  it('are acknowledged by clinicians of the clinic alone', () => {
    expect(outcome(caller('role.clinician'), 'acknowledge', 'urgencyAlert')).toBe('permit granted');
    expect(outcome(caller('role.clinician'), 'acknowledge', 'urgencyAlert', record({ clinicId: 'c2' }))).toBe(
      'deny not-a-clinic-member',
    );
    expect(outcome(caller('role.receptionist'), 'acknowledge', 'urgencyAlert')).toBe('deny no-grant');
  });
});

describe('a changed file', () => {
  const changed = (
    path: string,
    value: unknown,
    file: 'retentionAndAccess' | 'aiGateway' = 'retentionAndAccess',
  ) => {
    const files = readShippedFiles();
    change(files[file], path, value);
    return compilePolicy(files);
  };

  it('that restricts what it also grants has restricted it, in decisions and in the ceiling', () => {
    const stricter = changed('roles.1.permissions.restricted', ['billingRecord']);
    const decision = stricter.decide(caller('role.receptionist'), 'read', 'billingRecord', record());
    expect(decision).toEqual({
      decision: 'deny',
      reason: 'role-restricted',
      rule: 'champagne-retention-and-access.json#/roles/1/permissions/restricted/0',
    });
    expect(stricter.ceilingOf('role.receptionist').readable).not.toContain('billingRecord');
  });

  it('that lets two purposes use one class still names the purpose that was used', () => {
    const wider = changed(
      'purposes.1.allowedDataClasses',
      ['chatTranscriptPHI', 'treatmentPlan'],
      'aiGateway',
    );
    const asker = caller('role.clinician', { purpose: 'purpose.summary.treatmentPlan' });
    expect(wider.decide(asker, 'use-in-ai', 'treatmentPlan', record()).rule).toBe(
      'champagne-ai-gateway-config.json#/purposes/2/roles/0',
    );
  });

  it('that gives a patient break-glass leaves them at their own record', () => {
    const wider = changed('roles.2.permissions.write', ['openBreakGlass']);
    const ask = (patientRecordId: string): string =>
      wider.decide(caller('role.patient'), 'break-glass', 'patientProfile', record({ patientRecordId }))
        .reason;
    expect([ask('p1'), ask('p2')]).toEqual(['granted-own-record', 'not-own-record']);
  });
});

describe('answers', () => {
  it('cannot be altered by who receives them', () => {
    const decision = policy.decide(caller('role.receptionist'), 'read', 'patientProfile', record());
    expect(Object.isFrozen(decision)).toBe(true);
    expect(decision.decision === 'permit' && Object.isFrozen(decision.fields)).toBe(true);
    expect(Object.isFrozen(policy.files.retentionAndAccess.roles[0]?.permissions.restricted)).toBe(true);
  });

  it('give the sealed context its ceiling', () => {
    expect(policy.ceilingOf('role.auditor')).toEqual({ readable: ['auditLogEntry'], writable: [] });
    expect(policy.ceilingOf('role.nobody' as RoleId)).toEqual({ readable: [], writable: [] });
    expect(policy.ceilingOf('role.externalContractor').readable).toEqual([
      'marketingLead',
      'websiteAnalyticsEvent',
      'systemMetric',
    ]);
  });
});
