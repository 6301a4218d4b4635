import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../api/types.ts';
import { ANY_CHOICE, checkChoice, readChoice, toFilter, writeChoice } from './audit-filter.ts';
import { describeEntry, nameOfAction, sayDataClasses, sayOutcome, sayReasonCode } from './audit-words.ts';

const entry: AuditEntry = {
  id: 'e1',
  at: '2026-05-03T13:02:11Z',
  actorSubject: 's1',
  actorRole: 'role.receptionist',
  action: 'record.opened',
  dataClassIds: ['patientProfile'],
  decision: 'permit',
  reasonCode: 'granted',
  resourceType: 'Patient',
  resourceId: 'p1',
  clinicId: 'c1',
  outcome: 'success',
  requestId: 'r1',
};

describe('an audit entry', () => {
  it('reads as a sentence', () => {
    expect(describeEntry(entry)).toBe('Receptionist opened a patient record');
  });

  it.each([
    ['record.listed', 'Patient', 'Receptionist listed patients'],
    ['record.created', 'IntakeForm', 'Receptionist created an intake form'],
    ['record.opened', 'SomethingNew', 'Receptionist opened a record'],
    ['audit-log.read', 'AuditLog', 'Receptionist read the audit log'],
  ])('of %s on %s reads %j', (action, resourceType, sentence) => {
    expect(describeEntry({ ...entry, action, resourceType })).toBe(sentence);
  });

  it('says a refusal as a refusal, whatever the outcome claims', () => {
    const refused = { ...entry, actorRole: 'role.clinician', decision: 'deny', outcome: 'success' };
    expect(describeEntry(refused)).toBe('Clinician was not allowed to open a patient record');
    expect(sayOutcome(refused)).toEqual({ label: 'Refused', tone: 'danger' });
  });

  it('with a decision nobody knows does not pass as allowed', () => {
    expect(sayOutcome({ ...entry, decision: 'perhaps' }).label).toBe('Refused');
  });

  it('of an unknown action is still readable', () => {
    expect(describeEntry({ ...entry, action: 'treatment-plan.amended' })).toBe(
      'Receptionist: treatment plan amended',
    );
    expect(describeEntry({ ...entry, action: 'treatment-plan.amended', decision: 'deny' })).toBe(
      'Receptionist was not allowed to do: treatment plan amended',
    );
    expect(nameOfAction('treatment-plan.amended')).toBe('Treatment plan amended');
  });

  it('names nobody where nobody was proven', () => {
    const unknown = {
      ...entry,
      actorRole: null,
      actorSubject: null,
      decision: 'deny',
      action: 'identity.sign-in-refused',
    };
    expect(describeEntry(unknown)).toBe('Someone not signed in was not allowed to sign in');
  });

  it.each([
    ['intent', 'Begun'],
    ['failure', 'Failed'],
    ['success', 'Allowed'],
    ['none', 'Allowed'],
    [null, 'Allowed'],
  ])('with outcome %j is %s', (outcome, label) => {
    expect(sayOutcome({ ...entry, outcome }).label).toBe(label);
  });

  it('gives its reason only where it adds something', () => {
    expect(sayReasonCode('granted')).toBeNull();
    expect(sayReasonCode(null)).toBeNull();
    expect(sayReasonCode('not-a-clinic-member')).toBe('the person does not belong to that clinic');
    expect(sayReasonCode('moon-phase')).toBe('moon phase');
  });

  it('has its data classes in words', () => {
    expect(sayDataClasses(['patientProfile', 'someNewClass'])).toBe('patient details, some new class');
  });
});

describe('the filter', () => {
  it('survives the way through the address', () => {
    const choice = { from: '2026-05-01', to: '2026-05-03', action: 'record.opened' };
    expect(readChoice(writeChoice(choice))).toEqual(choice);
    expect(writeChoice(ANY_CHOICE)).toBe('');
  });

  it('takes nothing malformed from the address', () => {
    expect(readChoice('?from=today&to=2026-5-3&action=<b>')).toEqual(ANY_CHOICE);
  });

  it('asks for whole days', () => {
    const { from, to, action } = toFilter({ from: '2026-05-01', to: '2026-05-01', action: '' });
    expect(Date.parse(to ?? '') - Date.parse(from ?? '')).toBe(86_400_000);
    expect(action).toBeNull();
    expect(toFilter({ from: '2026-02-31x', to: '', action: 'a.b' })).toEqual({
      from: null,
      to: null,
      action: 'a.b',
    });
  });

  it('refuses a range that ends before it begins', () => {
    expect(checkChoice({ from: '2026-05-02', to: '2026-05-01', action: '' })).toMatch(/must not be after/);
    expect(checkChoice({ from: '2026-05-02', to: '2026-05-02', action: '' })).toBeNull();
    expect(checkChoice({ from: '2026-05-02', to: '', action: '' })).toBeNull();
  });
});
