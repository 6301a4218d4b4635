import fc from 'fast-check';
import { checkFiles } from '../src/check-files.ts';
import { ACTIONS, DATA_CLASS_IDS, ROLE_IDS } from '../src/ids.ts';
import { compilePolicy, CORDON_IDS, type Policy } from '../src/policy.ts';
import type { Caller, DecisionContext, Resource } from '../src/question.ts';
import { readShippedFiles } from './shipped-files.ts';

const NOW = 1_700_000_000_000;
export const shipped = compilePolicy(readShippedFiles());
export const files = checkFiles(readShippedFiles(), CORDON_IDS);
export const purposeIds = files.aiGateway.purposes.map(({ id }) => id);

/** Few different ids, so that equal ones meet often; empty ones too. */
const someId = fc.constantFrom('', 'a', 'b');
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });
const someTime = fc.constantFrom(
  NOW - 3_600_001,
  NOW - 3_600_000,
  NOW - 1,
  NOW,
  NOW + 1,
  NOW + 9e9,
  Number.NaN,
);

const callers: fc.Arbitrary<Caller> = fc.record({
  tenantId: someId,
  clinicIds: fc.array(someId, { maxLength: 3 }),
  role: fc.constantFrom(...ROLE_IDS),
  subject: someId,
  patientRecordId: maybe(someId),
  factorAgeSeconds: maybe(fc.oneof(fc.double(), fc.constantFrom(0, 300, 301))),
  purpose: maybe(fc.constantFrom(...purposeIds, 'purpose.none')),
});
const resources: fc.Arbitrary<Resource> = fc.record({
  tenantId: someId,
  clinicId: maybe(someId),
  patientRecordId: maybe(someId),
  restricted: maybe(fc.boolean()),
  legalHold: maybe(fc.boolean()),
});
const contexts: fc.Arbitrary<DecisionContext> = fc.record({
  now: maybe(someTime),
  activeClinicId: maybe(someId),
  breakGlass: maybe(
    fc.record({
      tenantId: someId,
      subject: someId,
      patientRecordId: someId,
      grantedAt: someTime,
      expiresAt: someTime,
    }),
  ),
  changedFields: maybe(fc.array(fc.constantFrom('phone', 'fullName', 'nhsNumber'), { maxLength: 3 })),
});
export const questions = fc.record({
  caller: callers,
  action: fc.constantFrom(...ACTIONS),
  dataClass: fc.constantFrom(...DATA_CLASS_IDS),
  resource: resources,
  context: contexts,
});
export type Question = typeof questions extends fc.Arbitrary<infer Q> ? Q : never;

export const ask = (policy: Policy, { caller, action, dataClass, resource, context }: Question) =>
  policy.decide(caller, action, dataClass, resource, context);
