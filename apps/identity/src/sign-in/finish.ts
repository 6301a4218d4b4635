import type { Audit } from '../audit.ts';
import { clinicScopes, type SignInGrant } from '../engine/sign-in-grants.ts';
import { multiFactor, passwordOnly } from '../provider/entitlement.ts';
import type { CompleteSignIn } from './complete-sign-in.ts';
import type { OpenInteraction } from './interaction.ts';
import type { Progress } from './progress.ts';

export interface FinishDependencies {
  readonly audit: Audit;
  readonly complete: CompleteSignIn;
}

export interface Finish {
  readonly requestId: string;
  readonly address: string;
  readonly interaction: OpenInteraction;
  readonly progress: Progress;
  /** The membership that the tokens will be for. */
  readonly chosen: SignInGrant;
  readonly newDevice: string | undefined;
}

/**
 * Authentication method names of RFC 8176 and its registry; `mfa` stands beside the methods themselves. Without
 * attestation nobody knows where a passkey's key lives: `pop`, a proof of possession, neither `hwk` nor `swk`.
 */
function methodsOf(progress: Progress): string[] {
  if (progress.factorKind === null) return ['pwd'];
  return ['pwd', progress.factorKind === 'webauthn' ? 'pop' : 'otp', 'mfa'];
}

/** Clinic scopes that a client named, of those that the person has; null where it named none and gets all. */
export function limitScopes(requestedScope: string, chosen: SignInGrant): string[] | null {
  const named = requestedScope.split(' ').filter((scope) => scope.startsWith('clinic/'));
  return named.length === 0 ? null : clinicScopes(chosen).filter((scope) => named.includes(scope));
}

/**
 * Ends the interaction with a new token family. The audit entry comes first: without it there is no sign-in. It may
 * name a sign-in that then failed; never the other way round.
 * @returns where the browser goes next.
 */
export async function finishSignIn(deps: FinishDependencies, finish: Finish): Promise<string> {
  const { progress, chosen, interaction } = finish;
  await deps.audit.appendAudit([
    {
      action: 'sign-in.completed',
      decision: 'permit',
      reasonCode: `${progress.confirms ? 'confirmed-' : ''}${progress.factorKind ?? 'password'}`,
      accountId: progress.accountId,
      tenantId: chosen.tenantId,
      role: chosen.role,
      requestId: finish.requestId,
      address: finish.address,
    },
  ]);
  const grantId = await deps.complete({
    interactionId: interaction.id,
    clientId: interaction.clientId,
    tenantId: chosen.tenantId,
    role: chosen.role,
    allowedScopes: limitScopes(interaction.requestedScope, chosen),
    newDevice: finish.newDevice,
  });
  return interaction.answer({
    login: {
      accountId: progress.accountId,
      ts: progress.authenticatedAt,
      acr: progress.factorKind === null ? passwordOnly : multiFactor,
      amr: methodsOf(progress),
      remember: false,
    },
    consent: { grantId },
  });
}
