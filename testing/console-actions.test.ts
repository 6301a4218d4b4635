import { DENY_REASONS, PERMIT_REASONS } from '@cordon/access-policy';
import { describe, expect, it } from 'vitest';
import { nameOfAction } from '../apps/console/ui/src/audit/action-words.ts';
import { KNOWN_ACTIONS } from '../apps/console/ui/src/audit/known-actions.ts';
import { hasReasonWords } from '../apps/console/ui/src/audit/reason-words.ts';
import { AI_GATEWAY_ERROR_CODES, type AiGatewayErrorCode } from '@cordon/ai-gateway';
import { auditActions, type EngineReason } from '../apps/engine/src/audit/entry.ts';
import type { AuditAction as IdentityAction } from '../apps/identity/src/audit.ts';

/** Identity declares its actions as a type: one that is missing here, or no longer there, does not compile. */
const identityActions = Object.keys({
  'sign-in.completed': true,
  'sign-in.refused': true,
  'sign-in.consented': true,
  'factor.enrolled': true,
  'factor.reset': true,
  'account.password-changed': true,
  'account.recovery-requested': true,
  'account.recovery-approved': true,
  'account.invited': true,
  'account.service-registered': true,
  'account.service-ended': true,
  'token.family-revoked': true,
  'token.service-issued': true,
} satisfies Record<IdentityAction, true>);

const engineReasons = Object.keys({
  'no-such-record': true,
  'intake-refused': true,
  'transaction-failed': true,
  'process-ended': true,
  'damaged-or-misplaced': true,
  'card-number-removed': true,
  'not-acknowledged-in-time': true,
  'token-malformed': true,
  'token-expired': true,
  'token-claims-refused': true,
  'token-signature-wrong': true,
  'token-algorithm-refused': true,
  'token-key-unknown': true,
  'session-revoked': true,
  'factor-missing': true,
  'not-administered': true,
  'name-taken': true,
  'no-row-names-it': true,
  'retention-ended': true,
  'client-gone': true,
  'record-destroyed': true,
  'report-untrusted': true,
  'keys-unavailable': true,
  'records-unavailable': true,
} satisfies Record<Exclude<EngineReason, AiGatewayErrorCode>, true>);

describe('the words of the console for the audit log', () => {
  it('are there for each action that the engine and identity write, and for no other', () => {
    expect([...KNOWN_ACTIONS.keys()].sort()).toEqual([...auditActions, ...identityActions].sort());
  });

  it('tell the actions in the filter apart', () => {
    const names = [...KNOWN_ACTIONS.keys()].map(nameOfAction);
    expect(new Set(names).size).toBe(names.length);
  });

  it('are there for each reason that the policy and the engine give', () => {
    const reasons = [...PERMIT_REASONS, ...DENY_REASONS, ...engineReasons, ...AI_GATEWAY_ERROR_CODES];
    expect(reasons.filter((reason) => !hasReasonWords(reason))).toEqual([]);
  });
});
