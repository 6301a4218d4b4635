// What widens or narrows the ordinary relations: break-glass, the corporate admin's switch, AI purposes.
import { describe, expect, it } from 'vitest';
import { caller, outcome, policy, record } from '../testing/ask.ts';
import type { RoleId } from './ids.ts';
import type { BreakGlassGrant, Caller } from './question.ts';

const NOW = 1_700_000_000_000;
const MINUTE = 60_000;

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
