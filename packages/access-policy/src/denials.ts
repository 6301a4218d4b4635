import type { Deny } from './decision.ts';
import { DENY_REASONS, type DenyReason } from './reason-codes.ts';

/** Which check gives a reason; `default` is the absence of any rule. */
const RULES: Record<DenyReason, string> = {
  'unknown-role': 'default',
  'unknown-action': 'default',
  'unknown-data-class': 'default',
  'role-restricted': 'check:restricted',
  'no-grant': 'default',
  'other-tenant': 'check:same-tenant',
  'not-own-record': 'check:scope',
  'clinic-not-named': 'check:scope',
  'not-a-clinic-member': 'check:scope',
  'patient-not-named': 'check:scope',
  'record-restricted': 'check:record-restriction',
  'legal-hold': 'check:legal-hold',
  'clinic-switch-required': 'check:clinic-switch',
  'purpose-required': 'check:purpose',
  'unknown-purpose': 'check:purpose',
  'purpose-not-for-role': 'check:purpose',
  'purpose-not-for-data-class': 'check:purpose',
  'purpose-not-for-action': 'check:purpose',
  'fresh-factor-required': 'check:fresh-factor',
  'field-not-permitted': 'check:fields',
};

/** One frozen answer a reason, shared by all questions. */
export const DENIALS = Object.freeze(
  Object.fromEntries(
    DENY_REASONS.map((reason) => [reason, Object.freeze({ decision: 'deny', reason, rule: RULES[reason] })]),
  ),
) as Readonly<Record<DenyReason, Deny>>;
