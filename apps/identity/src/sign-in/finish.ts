import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { Audit } from '../audit.ts';
import { clinicScopes, type SignInGrant } from '../engine/sign-in-grants.ts';
import { multiFactor, passwordOnly } from '../provider/entitlement.ts';
import { familySeconds, type TokenFamilies } from '../provider/families.ts';
import type { Recoveries } from '../recovery/recoveries.ts';
import type { Progress, ProgressStore } from './progress.ts';

export interface FinishRoom {
  readonly provider: Provider;
  readonly audit: Audit;
  readonly families: TokenFamilies;
  readonly progress: ProgressStore;
  readonly recoveries: Recoveries;
}

export interface Finish {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly address: string;
  readonly interactionId: string;
  readonly clientId: string;
  readonly requestedScope: string;
  readonly progress: Progress;
  /** The membership that the tokens will be for. */
  readonly chosen: SignInGrant;
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
export async function finishSignIn(room: FinishRoom, finish: Finish): Promise<string> {
  const { progress, chosen, clientId } = finish;
  await room.audit.appendAudit([
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
  await room.progress.finish(finish.interactionId);
  if (progress.factorKind !== null) await room.recoveries.cancelApprovals(progress.accountId);
  const grant = new room.provider.Grant({ accountId: progress.accountId, clientId });
  grant.addOIDCScope(['openid', 'profile']);
  const grantId = await grant.save();
  await room.families.create(
    {
      grantId,
      accountId: progress.accountId,
      clientId,
      tenantId: chosen.tenantId,
      role: chosen.role,
      allowedScopes: limitScopes(finish.requestedScope, chosen),
      passwordAt: progress.passwordAt,
    },
    familySeconds,
  );
  return room.provider.interactionResult(finish.request, finish.response, {
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
