import { describe, expect, it } from 'vitest';
import { change, readShippedFiles } from '../testing/shipped-files.ts';
import { ACTIONS, DATA_CLASS_IDS, ROLE_IDS, type Action, type DataClassId, type RoleId } from './ids.ts';
import { compilePolicy } from './policy.ts';
import type { BreakGlassGrant, Caller, DecisionContext, Resource } from './question.ts';

const policy = compilePolicy(readShippedFiles());
const NOW = 1_700_000_000_000;
const MINUTE = 60_000;

const caller = (role: RoleId, more: Partial<Caller> = {}): Caller => ({
  tenantId: 't1',
  clinicIds: ['c1'],
  role,
  subject: 's1',
  factorAgeSeconds: 10,
  ...(role === 'role.patient' ? { patientRecordId: 'p1' } : {}),
  ...more,
});
const record = (more: Partial<Resource> = {}): Resource => ({
  tenantId: 't1',
  clinicId: 'c1',
  patientRecordId: 'p1',
  ...more,
});
const outcome = (
  asker: Caller,
  action: Action,
  dataClass: DataClassId,
  resource: Resource = record(),
  context: DecisionContext = {},
): string => {
  const decision = policy.decide(asker, action, dataClass, resource, context);
  return `${decision.decision} ${decision.reason}`;
};

/** The agreed table of roles, written a second time by hand: a slip in the file does not pass here. */
const READS: Record<RoleId, string> = {
  'role.clinician':
    'portalAccount appointmentBooking treatmentPlan clinicalRecord imagingAsset billingRecord chatTranscriptPHI chatTranscriptNonPHI patientProfile intakeForm urgencyAlert',
  'role.receptionist':
    'portalAccount appointmentBooking billingRecord marketingLead patientProfile intakeForm urgencyAlert',
  'role.patient':
    'portalAccount appointmentBooking treatmentPlan billingRecord imagingAsset patientProfile accessReport consentRecord',
  'role.admin':
    'marketingLead websiteAnalyticsEvent portalAccount appointmentBooking treatmentPlan clinicalRecord imagingAsset billingRecord auditLogEntry systemMetric',
  'role.externalContractor': 'marketingLead websiteAnalyticsEvent systemMetric',
  'role.corporateAdmin':
    'marketingLead websiteAnalyticsEvent portalAccount appointmentBooking treatmentPlan clinicalRecord imagingAsset billingRecord systemMetric patientProfile intakeForm urgencyAlert',
  'role.auditor': 'auditLogEntry',
};
const CREATES: Record<RoleId, string> = {
  'role.clinician':
    'treatmentPlan clinicalRecord imagingAsset appointmentBooking billingRecord patientProfile intakeForm urgencyAlert',
  'role.receptionist': 'appointmentBooking marketingLead patientProfile intakeForm urgencyAlert',
  'role.patient': 'consentRecord',
  'role.admin': 'portalAccount appointmentBooking billingRecord',
  'role.externalContractor': '',
  'role.corporateAdmin': '',
  'role.auditor': '',
};
const RESTRICTED: Record<RoleId, string> = {
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

describe('breaking glass', () => {
  const grant: BreakGlassGrant = {
    tenantId: 't1',
    subject: 's1',
    patientRecordId: 'p1',
    grantedAt: NOW,
    expiresAt: NOW + 60 * MINUTE,
  };
  const elsewhere = record({ clinicId: 'c2' });
  const read = (breakGlass: BreakGlassGrant, now: number | undefined = NOW, resource = elsewhere): string =>
    outcome(caller('role.clinician', { factorAgeSeconds: undefined }), 'read', 'clinicalRecord', resource, {
      now,
      breakGlass,
    });

  it('opens the record of another clinic, or a restricted one, and says so', () => {
    expect(read(grant)).toBe('permit granted-break-glass');
    expect(read(grant, NOW, record({ restricted: true }))).toBe('permit granted-break-glass');
    expect(read(grant, NOW, record())).toBe('permit granted');
  });

  it.each([
    ['of another patient', { patientRecordId: 'p2' }],
    ['of another subject', { subject: 's2' }],
    ['of another tenant', { tenantId: 't2' }],
    ['that has expired', { expiresAt: NOW }],
    ['from the future', { grantedAt: NOW + 1 }],
    ['longer than an hour, after the hour', { grantedAt: NOW - 60 * MINUTE, expiresAt: NOW + 999 * MINUTE }],
    ['with times that are no numbers', { grantedAt: Number.NaN }],
  ])('does not open by a grant %s', (_what, damage) => {
    expect(read({ ...grant, ...damage })).toBe('deny not-a-clinic-member');
  });

  it('opens nothing without a clock, for another role, for writing or for what the role is restricted from', () => {
    const context = { now: NOW, breakGlass: grant };
    expect(
      outcome(caller('role.clinician'), 'read', 'clinicalRecord', elsewhere, { breakGlass: grant }),
    ).toBe('deny not-a-clinic-member');
    expect(outcome(caller('role.admin'), 'read', 'clinicalRecord', elsewhere, context)).toBe(
      'deny not-a-clinic-member',
    );
    expect(outcome(caller('role.clinician'), 'amend', 'clinicalRecord', elsewhere, context)).toBe(
      'deny not-a-clinic-member',
    );
    expect(outcome(caller('role.clinician'), 'export', 'clinicalRecord', elsewhere, context)).toBe(
      'deny not-a-clinic-member',
    );
    expect(outcome(caller('role.clinician'), 'read', 'auditLogEntry', elsewhere, context)).toBe(
      'deny role-restricted',
    );
    expect(
      outcome(caller('role.clinician'), 'read', 'clinicalRecord', record({ tenantId: 't2' }), context),
    ).toBe('deny other-tenant');
  });

  it('is asked for by a clinician with a fresh factor, for one named patient', () => {
    const ask = (more: Partial<Caller>, resource = elsewhere): string =>
      outcome(caller('role.clinician', more), 'break-glass', 'patientProfile', resource);
    expect(ask({})).toBe('permit granted');
    expect(ask({}, record({ restricted: true }))).toBe('permit granted');
    expect(ask({ factorAgeSeconds: 400 })).toBe('deny fresh-factor-required');
    expect(ask({}, record({ patientRecordId: undefined }))).toBe('deny patient-not-named');
    expect(outcome(caller('role.receptionist'), 'break-glass', 'patientProfile')).toBe('deny no-grant');
  });
});

describe('a corporate admin', () => {
  const boss = caller('role.corporateAdmin', { clinicIds: [] });
  it('sees rows of patients and alerts without keys, until the switch into their clinic', () => {
    const before = policy.decide(boss, 'list', 'patientProfile', record());
    expect(before).toMatchObject({ reason: 'granted-ciphertext-only', disclosure: 'ciphertext' });
    expect(outcome(boss, 'read', 'patientProfile', record(), { activeClinicId: 'c2' })).toBe(
      'permit granted-ciphertext-only',
    );
    const after = policy.decide(boss, 'read', 'patientProfile', record(), { activeClinicId: 'c1' });
    expect(after).toMatchObject({ reason: 'granted', disclosure: 'plaintext' });
  });

  it('is not taken to have switched by the clinics in the token', () => {
    expect(outcome(caller('role.corporateAdmin', { clinicIds: ['c1'] }), 'read', 'patientProfile')).toBe(
      'permit granted-ciphertext-only',
    );
  });

  it('sees nothing else with PHI before the switch, and takes nothing out', () => {
    expect(outcome(boss, 'read', 'clinicalRecord')).toBe('deny clinic-switch-required');
    expect(outcome(boss, 'export', 'patientProfile')).toBe('deny clinic-switch-required');
    expect(outcome(boss, 'read', 'clinicalRecord', record(), { activeClinicId: 'c1' })).toBe(
      'permit granted',
    );
    expect(outcome(boss, 'read', 'clinicalRecord', record({ clinicId: undefined }), {})).toBe(
      'deny clinic-switch-required',
    );
  });

  it('switches into a named clinic with a fresh factor', () => {
    expect(outcome(boss, 'switch-clinic', 'patientProfile', { tenantId: 't1', clinicId: 'c1' })).toBe(
      'permit granted',
    );
    expect(outcome(boss, 'switch-clinic', 'patientProfile', { tenantId: 't1' })).toBe(
      'deny clinic-not-named',
    );
    expect(
      outcome({ ...boss, factorAgeSeconds: 301 }, 'switch-clinic', 'patientProfile', {
        tenantId: 't1',
        clinicId: 'c1',
      }),
    ).toBe('deny fresh-factor-required');
  });
});

describe('a purpose', () => {
  const under = (role: RoleId, purpose: string | undefined): Caller => caller(role, { purpose });
  it('narrows what its caller lists and reads', () => {
    const asker = under('role.clinician', 'purpose.summary.treatmentPlan');
    expect(outcome(asker, 'read', 'treatmentPlan')).toBe('permit granted');
    expect(outcome(asker, 'read', 'clinicalRecord')).toBe('deny purpose-not-for-data-class');
    expect(outcome(asker, 'update', 'treatmentPlan')).toBe('deny purpose-not-for-action');
    expect(outcome(under('role.clinician', 'purpose.none'), 'read', 'treatmentPlan')).toBe(
      'deny unknown-purpose',
    );
    expect(outcome(under('role.clinician', ''), 'read', 'treatmentPlan')).toBe('deny unknown-purpose');
    expect(outcome(under('role.admin', 'purpose.summary.treatmentPlan'), 'read', 'treatmentPlan')).toBe(
      'deny purpose-not-for-role',
    );
  });

  it('alone lets data go to a model, for its roles and classes', () => {
    expect(outcome(under('role.clinician', undefined), 'use-in-ai', 'clinicalRecord')).toBe(
      'deny purpose-required',
    );
    expect(
      outcome(
        under('role.clinician', 'purpose.summary.clinicalRecord.internal'),
        'use-in-ai',
        'clinicalRecord',
      ),
    ).toBe('permit granted');
    expect(
      outcome(under('role.patient', 'purpose.chat.triage.assist'), 'use-in-ai', 'chatTranscriptPHI'),
    ).toBe('permit granted-own-record');
    expect(
      outcome(
        under('role.patient', 'purpose.summary.clinicalRecord.internal'),
        'use-in-ai',
        'clinicalRecord',
      ),
    ).toBe('deny role-restricted');
    expect(
      outcome(under('role.receptionist', 'purpose.chat.triage.assist'), 'use-in-ai', 'chatTranscriptPHI'),
    ).toBe('deny no-grant');
  });

  it('is named by the rule that permits', () => {
    const decision = policy.decide(
      under('role.patient', 'purpose.summary.treatmentPlan'),
      'use-in-ai',
      'treatmentPlan',
      record(),
    );
    expect(decision.rule).toBe('champagne-ai-gateway-config.json#/purposes/2/roles/1');
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

  it('that gives a patient the emergency door leaves them at their own record', () => {
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
