import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { ask, files, purposeIds, questions, shipped, type Question } from '../testing/random-questions.ts';
import {
  ACTIONS,
  DATA_CLASS_IDS,
  READ_ACTIONS,
  ROLE_IDS,
  type Action,
  type DataClassId,
  type RoleId,
} from './ids.ts';
import type { Caller } from './question.ts';

// Generous: these tests share their machine with all others.
vi.setConfig({ testTimeout: 30_000 });

describe('whatever is asked of the shipped policy', () => {
  /** Questions that the lists allow, with attributes that often match: the rest of the checks decides. */
  const likely: fc.Arbitrary<Question> = fc
    .record({
      triple: fc.constantFrom(...grantedTriples()),
      question: questions,
      tenantId: fc.constantFrom('a', 'a', 'a', 'b'),
      clinicId: fc.constantFrom('a', 'a', 'b', undefined),
      patientRecordId: fc.constantFrom('a', 'a', 'b', undefined),
      factorAgeSeconds: fc.constantFrom(0, 300, 301, undefined),
    })
    .map(({ triple, question, tenantId, clinicId, patientRecordId, factorAgeSeconds }) => ({
      ...question,
      ...triple,
      caller: {
        ...question.caller,
        ...triple.caller,
        tenantId: 'a',
        patientRecordId: 'a',
        factorAgeSeconds,
      },
      resource: { ...question.resource, tenantId, clinicId, patientRecordId },
    }));

  /** The emergency rule, written a second time. */
  const opens = ({ caller, action, resource, context: { now, breakGlass: grant } }: Question): boolean =>
    now !== undefined &&
    grant !== undefined &&
    caller.role === 'role.clinician' &&
    (action === 'list' || action === 'read') &&
    grant.tenantId === caller.tenantId &&
    grant.subject === caller.subject &&
    grant.subject !== '' &&
    grant.patientRecordId === resource.patientRecordId &&
    grant.grantedAt <= now &&
    now < Math.min(grant.expiresAt, grant.grantedAt + 3_600_000);

  const usableUnderRestriction = ({ caller: { role }, action }: Question): boolean =>
    (role === 'role.patient' && ['list', 'read', 'create'].includes(action)) ||
    (role === 'role.admin' && ['list', 'read'].includes(action)) ||
    action === 'break-glass' ||
    action === 'switch-clinic';

  it('a permit stays within tenant, clinic, own record, factor, hold, fields and restriction', () => {
    let permits = 0;
    fc.assert(
      fc.property(fc.oneof(questions, likely, likely), (question) => {
        const decision = ask(shipped, question);
        if (decision.decision === 'deny') return;
        permits += 1;
        const { caller, action, resource, context } = question;
        expect(caller.tenantId).toBe(resource.tenantId);
        expect(caller.tenantId).not.toBe('');
        const scope = files.retentionAndAccess.roles.find(({ id }) => id === caller.role)?.scope;
        const member = resource.clinicId === undefined || caller.clinicIds.includes(resource.clinicId);
        if (scope === 'own') {
          expect(resource.patientRecordId).toBe(caller.patientRecordId);
          expect(caller.patientRecordId).toBeTruthy();
        }
        if (scope === 'clinic' && action !== 'break-glass') expect(member || opens(question)).toBe(true);
        if (resource.restricted === true)
          expect(usableUnderRestriction(question) || opens(question)).toBe(true);
        if (['export', 'delete', 'break-glass', 'switch-clinic'].includes(action)) {
          expect(caller.factorAgeSeconds).toBeGreaterThanOrEqual(0);
          expect(caller.factorAgeSeconds).toBeLessThanOrEqual(300);
        }
        if (resource.legalHold === true) expect(action).not.toBe('delete');
        const { fields } = decision;
        if (fields !== undefined)
          expect(fields).toEqual(expect.arrayContaining([...(context.changedFields ?? [])]));
      }),
      { numRuns: 4000 },
    );
    expect(permits).toBeGreaterThan(200);
  });

  it('a corporate admin who has not switched into the clinic is given no plaintext of PHI', () => {
    const phi = new Set(
      files.dataClasses.dataClasses.filter(({ containsPHI }) => containsPHI).map(({ id }) => id),
    );
    fc.assert(
      fc.property(likely, (question) => {
        const asked = { ...question, caller: { ...question.caller, role: 'role.corporateAdmin' as const } };
        const decision = ask(shipped, asked);
        const { resource, context, action, dataClass } = asked;
        if (decision.decision === 'deny' || !phi.has(dataClass) || action === 'switch-clinic') return;
        if (resource.clinicId === undefined || resource.clinicId !== context.activeClinicId) {
          expect(decision.disclosure).toBe('ciphertext');
          expect(READ_ACTIONS).toContain(action);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('the explanation gives the same decision, and its last check is the one that refused', () => {
    fc.assert(
      fc.property(fc.oneof(questions, likely), (question) => {
        const { caller, action, dataClass, resource, context } = question;
        const { decision, checks } = shipped.explain(caller, action, dataClass, resource, context);
        expect(decision).toBe(ask(shipped, question));
        expect(checks.at(-1)?.passed).toBe(decision.decision === 'permit');
        expect(checks.slice(0, -1).every(({ passed }) => passed)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('asking twice gives the same answer and alters nothing', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const before = structuredClone(question);
        expect(ask(shipped, question)).toBe(ask(shipped, question));
        expect(question).toEqual(before);
      }),
    );
  });

  it('text that is no role, action or class is denied', () => {
    fc.assert(
      fc.property(fc.nat({ max: 9 }), likely, (length, question) => {
        const odd = 'x'.repeat(length);
        const { caller, action, dataClass, resource, context } = question;
        const askers = [
          shipped.decide(
            { ...caller, role: `${caller.role}${odd}x` as RoleId },
            action,
            dataClass,
            resource,
            context,
          ),
          shipped.decide(caller, `${action}${odd}x` as Action, dataClass, resource, context),
          shipped.decide(caller, action, `${dataClass}${odd}x` as DataClassId, resource, context),
        ];
        expect(askers.map(({ reason }) => reason)).toEqual([
          'unknown-role',
          'unknown-action',
          'unknown-data-class',
        ]);
      }),
    );
  });
});

/** Every role, action and class that some list or purpose allows. */
function grantedTriples(): (Pick<Question, 'action' | 'dataClass'> & {
  caller: Pick<Caller, 'role' | 'purpose'>;
})[] {
  return ROLE_IDS.flatMap((role) =>
    ACTIONS.flatMap((action) =>
      DATA_CLASS_IDS.flatMap((dataClass) => {
        const decision = shipped.decide(
          { tenantId: '', clinicIds: [], role, subject: '' },
          action,
          dataClass,
          { tenantId: '' },
        );
        if (decision.reason !== 'other-tenant' && decision.reason !== 'purpose-required') return [];
        const purpose = purposeIds[DATA_CLASS_IDS.indexOf(dataClass) % purposeIds.length];
        return [
          { action, dataClass, caller: { role, purpose: action === 'use-in-ai' ? purpose : undefined } },
        ];
      }),
    ),
  );
}
