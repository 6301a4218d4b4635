import { describe, expect, it } from 'vitest';
import { caller, outcome, policy, record } from '../testing/ask.ts';

describe('clinic membership', () => {
  it('is the care relationship: members yes, others no', () => {
    expect(outcome(caller('role.clinician'), 'read', 'clinicalRecord')).toBe('permit granted');
    expect(outcome(caller('role.clinician', { clinicIds: ['c2'] }), 'read', 'clinicalRecord')).toBe(
      'deny not-a-clinic-member',
    );
    expect(outcome(caller('role.clinician', { clinicIds: [] }), 'read', 'clinicalRecord')).toBe(
      'deny not-a-clinic-member',
    );
  });

  it('is needed for PHI whose clinic is not named', () => {
    expect(outcome(caller('role.admin'), 'list', 'auditLogEntry', { tenantId: 't1' })).toBe(
      'deny clinic-not-named',
    );
    expect(outcome(caller('role.admin'), 'list', 'systemMetric', { tenantId: 't1' })).toBe('permit granted');
    expect(outcome(caller('role.admin', { clinicIds: [] }), 'list', 'systemMetric', { tenantId: 't1' })).toBe(
      'deny not-a-clinic-member',
    );
    expect(
      outcome(caller('role.auditor', { clinicIds: [] }), 'list', 'auditLogEntry', { tenantId: 't1' }),
    ).toBe('permit granted');
  });

  it('is not found in a part of another id, should clinics ever arrive as text', () => {
    const asker = caller('role.clinician', { clinicIds: 'c1,c2' as unknown as readonly string[] });
    expect(outcome(asker, 'read', 'clinicalRecord')).toBe('deny not-a-clinic-member');
  });

  it('does not make two empty ids equal', () => {
    const asker = caller('role.clinician', { tenantId: '', clinicIds: [''] });
    expect(outcome(asker, 'read', 'clinicalRecord', record({ tenantId: '' }))).toBe('deny other-tenant');
    expect(
      outcome(
        caller('role.clinician', { clinicIds: [''] }),
        'read',
        'clinicalRecord',
        record({ clinicId: '' }),
      ),
    ).toBe('deny clinic-not-named');
  });
});

describe('a patient', () => {
  it('sees their own record, whatever its clinic, and no other', () => {
    expect(outcome(caller('role.patient'), 'read', 'treatmentPlan', record({ clinicId: 'c9' }))).toBe(
      'permit granted-own-record',
    );
    expect(outcome(caller('role.patient'), 'read', 'treatmentPlan', record({ patientRecordId: 'p2' }))).toBe(
      'deny not-own-record',
    );
    expect(
      outcome(caller('role.patient'), 'list', 'treatmentPlan', record({ patientRecordId: undefined })),
    ).toBe('deny not-own-record');
  });

  it('without a record of their own sees nothing', () => {
    const nobody = caller('role.patient', { patientRecordId: undefined });
    expect(outcome(nobody, 'read', 'treatmentPlan', record({ patientRecordId: undefined }))).toBe(
      'deny not-own-record',
    );
    expect(
      outcome(
        caller('role.patient', { patientRecordId: '' }),
        'read',
        'treatmentPlan',
        record({ patientRecordId: '' }),
      ),
    ).toBe('deny not-own-record');
  });

  it('changes the limited profile fields and no others', () => {
    const set = (...changedFields: string[]): string =>
      outcome(caller('role.patient'), 'update', 'patientProfile', record(), { changedFields });
    expect(set('phone', 'address')).toBe('permit granted-own-record');
    expect(set('phone', 'fullName')).toBe('deny field-not-permitted');
    expect(set('nhsNumber')).toBe('deny field-not-permitted');
  });

  it('decides about consent, also under restriction, and cannot rewrite an earlier decision', () => {
    expect(outcome(caller('role.patient'), 'create', 'consentRecord', record({ restricted: true }))).toBe(
      'permit granted-own-record',
    );
    expect(outcome(caller('role.patient'), 'update', 'consentRecord')).toBe('deny no-grant');
  });
});

describe('fields', () => {
  it('show a receptionist what booking needs', () => {
    const decision = policy.decide(caller('role.receptionist'), 'read', 'patientProfile', record());
    expect(decision).toMatchObject({
      decision: 'permit',
      fields: ['fullName', 'dateOfBirth', 'phone', 'email'],
    });
  });

  it('are all open to a clinician', () => {
    expect(policy.decide(caller('role.clinician'), 'read', 'patientProfile', record())).not.toHaveProperty(
      'fields',
    );
  });
});

describe('a fresh factor', () => {
  it.each([
    [undefined, 'deny fresh-factor-required'],
    [301, 'deny fresh-factor-required'],
    [-1, 'deny fresh-factor-required'],
    [Number.NaN, 'deny fresh-factor-required'],
    [Infinity, 'deny fresh-factor-required'],
    [300, 'permit granted'],
    [0, 'permit granted'],
  ])('of age %s: %s to export', (factorAgeSeconds, expected) => {
    expect(outcome(caller('role.clinician', { factorAgeSeconds }), 'export', 'clinicalRecord')).toBe(
      expected,
    );
  });
});

describe('a restricted record', () => {
  const restricted = record({ restricted: true });
  it('is seen by its subject and by an admin, and used by nobody', () => {
    expect(outcome(caller('role.clinician'), 'read', 'clinicalRecord', restricted)).toBe(
      'deny record-restricted',
    );
    expect(outcome(caller('role.corporateAdmin'), 'list', 'patientProfile', restricted)).toBe(
      'deny record-restricted',
    );
    expect(outcome(caller('role.admin'), 'read', 'clinicalRecord', restricted)).toBe('permit granted');
    expect(outcome(caller('role.admin'), 'update', 'billingRecord', restricted)).toBe(
      'deny record-restricted',
    );
    expect(outcome(caller('role.patient'), 'read', 'treatmentPlan', restricted)).toBe(
      'permit granted-own-record',
    );
    expect(outcome(caller('role.patient'), 'update', 'patientProfile', restricted)).toBe(
      'deny record-restricted',
    );
  });

  it('counts as restricted when the flag is anything but false', () => {
    const odd = record({ restricted: 'f' as unknown as boolean });
    expect(outcome(caller('role.clinician'), 'read', 'clinicalRecord', odd)).toBe('deny record-restricted');
  });
});

describe('a legal hold', () => {
  it('stops deletion and nothing else', () => {
    const held = record({ legalHold: true });
    expect(outcome(caller('role.receptionist'), 'delete', 'marketingLead')).toBe('permit granted');
    expect(outcome(caller('role.receptionist'), 'delete', 'marketingLead', held)).toBe('deny legal-hold');
    expect(outcome(caller('role.clinician'), 'read', 'clinicalRecord', held)).toBe('permit granted');
  });
});
