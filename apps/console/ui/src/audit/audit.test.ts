import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../api/types.ts';
import { nameOfAction } from './action-words.ts';
import { ANY_CHOICE, checkChoice, readChoice, toFilter, writeChoice } from './audit-filter.ts';
import { describeEntry, sayOutcome } from './audit-words.ts';
import { sayDataClasses, sayReasonCode } from './reason-words.ts';

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
  outcome: 'none',
  requestId: 'r1',
  proof: { state: 'proven', leafIndex: 7 } as const,
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
      'Receptionist was refused: treatment plan amended',
    );
    expect(nameOfAction('treatment-plan.amended')).toBe('Treatment plan amended');
  });

  it('names nobody where nobody was proven', () => {
    const unknown = {
      ...entry,
      actorRole: null,
      actorSubject: null,
      decision: 'deny',
      action: 'sign-in.refused',
    };
    expect(describeEntry(unknown)).toBe('Someone not signed in was not allowed to sign in');
  });

  it('says of an aimed-at account no more than that there is one', () => {
    const refused = { ...entry, actorRole: null, decision: 'deny', action: 'sign-in.refused' };
    expect(describeEntry(refused)).toBe('Someone with an account was not allowed to sign in');
  });

  it('of a sign-in that was ended says so, whatever was decided', () => {
    const ended = { ...entry, action: 'token.family-revoked', decision: 'deny' };
    expect(describeEntry(ended)).toBe('Receptionist had a sign-in ended');
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

  it.each([
    ['record.created', 'intent', 'Receptionist began to create a patient record'],
    ['record.created', 'failure', 'Receptionist tried to create a patient record and failed'],
    ['treatment-plan.amended', 'intent', 'Receptionist began: treatment plan amended'],
    ['treatment-plan.amended', 'failure', 'Receptionist tried and failed: treatment plan amended'],
  ])('of %s with outcome %s reads %j', (action, outcome, sentence) => {
    expect(describeEntry({ ...entry, action, outcome })).toBe(sentence);
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

describe('an outcome that the system recorded', () => {
  const intent = {
    ...entry,
    id: 'e0',
    action: 'record.created',
    resourceType: 'IntakeForm',
    outcome: 'intent',
  };
  const outcome: AuditEntry = {
    ...intent,
    id: 'e2',
    actorSubject: null,
    actorRole: null,
    resourceType: null,
    outcome: 'success',
    initiatorType: 'system',
    intentId: 'e0',
  };

  it('is said to be recorded by the system, with what was begun where that is at hand', () => {
    expect(describeEntry(outcome)).toBe('The system recorded that creating a record succeeded');
    expect(describeEntry(outcome, intent)).toBe('The system recorded that creating an intake form succeeded');
    expect(sayOutcome(outcome).label).toBe('Succeeded');
  });

  it('is known by what it lacks where the engine does not tell who began it', () => {
    const { initiatorType: _, ...bare } = outcome;
    expect(describeEntry(bare)).toBe('The system recorded that creating a record succeeded');
  });

  it('is readable for an unknown action, and for a failure', () => {
    expect(describeEntry({ ...outcome, action: 'treatment-plan.amended', outcome: 'failure' })).toBe(
      'The system recorded that “treatment plan amended” failed',
    );
  });

  it('is not taken for a person’s own: what the system begins, it begins by name', () => {
    expect(describeEntry({ ...outcome, outcome: 'intent' })).toBe('The system began to create a record');
    expect(describeEntry({ ...outcome, initiatorType: 'anonymous', action: 'sign-in.completed' })).toBe(
      'Someone not signed in signed in',
    );
  });
});

describe('the filter', () => {
  it('survives the way through the address', () => {
    const choice = {
      from: '2026-05-01',
      to: '2026-05-03',
      action: 'record.opened',
      actor: '0b6f3a52-1c1e-4d2a-9a57-3f6f3f3a1111',
      patient: '0b6f3a52-1c1e-4d2a-9a57-3f6f3f3a2222',
      decision: 'deny',
    };
    expect(readChoice(writeChoice(choice))).toEqual(choice);
    expect(writeChoice(ANY_CHOICE)).toBe('');
  });

  it('takes nothing malformed from the address', () => {
    expect(readChoice('?from=today&to=2026-5-3&action=<b>')).toEqual(ANY_CHOICE);
  });

  it('asks for whole days', () => {
    const { from, to, action } = toFilter({ ...ANY_CHOICE, from: '2026-05-01', to: '2026-05-01' });
    expect(Date.parse(to ?? '') - Date.parse(from ?? '')).toBe(86_400_000);
    expect(action).toBeNull();
    expect(toFilter({ ...ANY_CHOICE, from: '2026-02-31x', to: '', action: 'a.b' })).toEqual({
      from: null,
      to: null,
      action: 'a.b',
      actor: null,
      patient: null,
      decision: null,
    });
  });

  it('refuses a range that ends before it begins', () => {
    expect(checkChoice({ ...ANY_CHOICE, from: '2026-05-02', to: '2026-05-01' })).toMatchObject([
      { field: 'from' },
    ]);
    expect(checkChoice({ ...ANY_CHOICE, from: '2026-05-02', to: '2026-05-02' })).toEqual([]);
    expect(checkChoice({ ...ANY_CHOICE, from: '2026-05-02', to: '' })).toEqual([]);
    expect(checkChoice({ ...ANY_CHOICE, actor: 'rosa', patient: 'x' }).map(({ field }) => field)).toEqual([
      'actor',
      'patient',
    ]);
  });
});
