import type { Accounts } from '../accounts/accounts.ts';
import type { EngineGrants, SignInGrant } from '../engine/sign-in-grants.ts';
import { IdentityError } from '../error.ts';
import type { Passkeys } from '../factors/passkeys.ts';
import type { RecoveryCodes } from '../factors/recovery-codes.ts';
import type { TotpFactors } from '../factors/totp.ts';
import type { Progress } from './progress.ts';

export type FactorWay = 'code' | 'passkey';

export interface TenantChoice {
  readonly tenantId: string;
  readonly tenantName: string;
  readonly role: string;
}

/** What the person is asked for next. `continue`: nothing more is asked; `done`: the browser goes to `redirectTo`. */
export type Step =
  | { readonly step: 'password' }
  /** `ways` names what the person has; a recovery code is always among the codes. */
  | { readonly step: 'code'; readonly ways: readonly FactorWay[] }
  | { readonly step: 'enrol'; readonly secret: string; readonly address: string }
  /** Shown once, after enrolment; `continue` goes on. */
  | { readonly step: 'recovery'; readonly codes: readonly string[] }
  | { readonly step: 'tenant'; readonly choices: readonly TenantChoice[] }
  | { readonly step: 'continue' }
  | { readonly step: 'done'; readonly redirectTo: string };

export interface StepRoom {
  readonly accounts: Accounts;
  readonly engine: EngineGrants;
  readonly totp: TotpFactors;
  readonly passkeys: Passkeys;
  readonly recovery: RecoveryCodes;
}

export interface Position {
  readonly step: 'code' | 'enrol' | 'tenant' | 'continue';
  readonly grants: readonly SignInGrant[];
}

/** The factors that an account has, in the order in which they are offered. */
export async function findWays(room: StepRoom, accountId: string): Promise<FactorWay[]> {
  const [passkey, code] = await Promise.all([
    room.passkeys.isEnrolled(accountId),
    room.totp.isEnrolled(accountId),
  ]);
  return [...(passkey ? (['passkey'] as const) : []), ...(code ? (['code'] as const) : [])];
}

/**
 * Where a sign-in stands after the password: decided anew at each request from what is proven and what the engine
 * says now. A factor is due when any grant requires it, the client demands it, or the person has one; who must have
 * one and has none enrols it now, with the password just given, and gets no further without.
 * @throws IdentityError `identity-no-access`, `identity-engine-unavailable`
 */
export async function findPosition(
  room: StepRoom,
  progress: Progress,
  factorDemanded: boolean,
): Promise<Position> {
  const grants = await room.engine.signInGrants(progress.accountId);
  if (grants.length === 0) throw new IdentityError('identity-no-access');
  if (progress.factorKind === null) {
    if ((await findWays(room, progress.accountId)).length > 0) return { step: 'code', grants };
    if (factorDemanded || grants.some((grant) => grant.factorRequired)) return { step: 'enrol', grants };
  }
  return { step: grants.length > 1 ? 'tenant' : 'continue', grants };
}

export async function describePosition(
  room: StepRoom,
  progress: Progress,
  position: Position,
): Promise<Step> {
  if (position.step === 'enrol') {
    const label = await room.accounts.readDisplayName(progress.accountId);
    return { step: 'enrol', ...(await room.totp.beginEnrolment(progress.accountId, label)) };
  }
  if (position.step === 'code') return { step: 'code', ways: await findWays(room, progress.accountId) };
  if (position.step === 'tenant')
    return {
      step: 'tenant',
      choices: position.grants.map(({ tenantId, tenantName, role }) => ({ tenantId, tenantName, role })),
    };
  return { step: 'continue' };
}
