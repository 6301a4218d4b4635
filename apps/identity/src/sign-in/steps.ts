import type { Accounts, Standing } from '../accounts/accounts.ts';
import type { EngineGrants, SignInGrant } from '../engine/sign-in-grants.ts';
import { IdentityError } from '../error.ts';
import type { Passkeys } from '../factors/passkeys.ts';
import type { RecoveryCodes } from '../factors/recovery-codes.ts';
import type { TotpFactors } from '../factors/totp.ts';
import type { TokenFamilies } from '../provider/families.ts';
import { shortestFor } from '../accounts/password-rules.ts';
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
  /**
   * `ways` names what the person has; a recovery code is always among the codes, but where the person `confirms` an earlier
   * sign-in with the factor alone. There `password` begins anew.
   */
  | { readonly step: 'code'; readonly ways: readonly FactorWay[]; readonly confirms?: true }
  | { readonly step: 'enrol'; readonly secret: string; readonly address: string }
  /** `shortest`: in characters. */
  | { readonly step: 'new-password'; readonly shortest: number }
  /** What the person asked to change; `continue` goes on. */
  | ({ readonly step: 'manage' } & Managed)
  /** For an administrator: the code to hand over, and from when it works (ISO 8601). */
  | { readonly step: 'approved'; readonly code: string; readonly usableFrom: string }
  /** For an administrator: a letter is on its way; `continue` goes on. */
  | { readonly step: 'invited' }
  /** For an administrator: an integration was registered, or ended; `continue` goes on. */
  | { readonly step: 'registered' }
  /** Shown once, after enrolment; `continue` goes on. */
  | { readonly step: 'recovery'; readonly codes: readonly string[] }
  | { readonly step: 'tenant'; readonly choices: readonly TenantChoice[] }
  | ({ readonly step: 'consent' } & Consent)
  | { readonly step: 'continue' }
  | { readonly step: 'done'; readonly redirectTo: string };

/** What a client that is not of this installation would be given, in the place that was chosen. */
export interface Consent extends TenantChoice {
  /** The host to which the answer goes. */
  readonly host: string;
  readonly seesName: boolean;
  readonly clinics: readonly { readonly name: string; readonly writes: boolean }[];
}

export interface Managed {
  /** Where the person administers: whom they may invite there, the engine decides. */
  readonly administers: readonly (Pick<SignInGrant, 'tenantId' | 'tenantName' | 'clinics'> & {
    /** The whole of it, and so every role in it. */
    readonly wholeTenant: boolean;
  })[];
  readonly ways: readonly FactorWay[];
  readonly shortest: number;
  /** Where the person is signed in. */
  readonly sessions: readonly { sid: string; clientId: string; since: string }[];
}

export interface StepDependencies {
  readonly families: TokenFamilies;
  readonly accounts: Accounts;
  readonly engine: EngineGrants;
  readonly totp: TotpFactors;
  readonly passkeys: Passkeys;
  readonly recovery: RecoveryCodes;
}

export interface Position {
  readonly step: 'code' | 'new-password' | 'enrol' | 'manage' | 'tenant' | 'continue';
  readonly ways: readonly FactorWay[];
  /** Characters that a new password must have. */
  readonly shortestPassword: number;
  readonly grants: readonly SignInGrant[];
}

const administrators: ReadonlySet<string> = new Set(['role.admin', 'role.corporateAdmin']);

/** The factors that an account has, in the order in which they are offered. */
export function listWays({ hasPasskey, hasCode }: Standing): FactorWay[] {
  return [...(hasPasskey ? (['passkey'] as const) : []), ...(hasCode ? (['code'] as const) : [])];
}

/**
 * Where a sign-in stands after the password: decided anew at each request from what is proven and what the engine
 * says now. A factor is due when any grant requires it, the client demands it, or the person has one; who must have
 * one and has none enrols it now, with the password just given, and gets no further without. A password that somebody
 * else made up is changed before that.
 * @throws IdentityError `identity-no-access`, `identity-engine-unavailable`
 */
export async function findPosition(
  deps: StepDependencies,
  progress: Progress,
  factorDemanded: boolean,
): Promise<Position> {
  const { confirms } = progress;
  const standing = await deps.accounts.findStanding(progress.accountId);
  const ways = listWays(standing);
  // The factor first: a password alone is told nothing of memberships.
  if (progress.factorKind === null && ways.length > 0)
    return { step: 'code', grants: [], ways, shortestPassword: shortestFor(true) };
  const all = await deps.engine.signInGrants(progress.accountId);
  // What is confirmed is one sign-in, in its tenant and role.
  const grants = confirms
    ? all.filter(({ tenantId, role }) => tenantId === confirms.tenantId && role === confirms.role)
    : all;
  if (grants.length === 0) throw new IdentityError('identity-no-access');
  const required = grants.some((grant) => grant.factorRequired);
  const at = (step: Position['step']): Position => ({
    step,
    grants,
    ways,
    shortestPassword: shortestFor(required || ways.length > 0),
  });
  // Whatever else would come now wants a password that was just given.
  if (confirms) {
    if (progress.factorKind === null) throw new IdentityError('identity-step-refused');
    return at('continue');
  }
  if (standing.mustChangePassword) return at('new-password');
  if (progress.factorKind === null && (factorDemanded || required)) return at('enrol');
  if (progress.manages) return at('manage');
  return at(grants.length > 1 ? 'tenant' : 'continue');
}

export async function describePosition(
  deps: StepDependencies,
  interactionId: string,
  progress: Progress,
  position: Position,
): Promise<Step> {
  const { accountId } = progress;
  const { step, ways, shortestPassword: shortest } = position;
  switch (step) {
    case 'enrol': {
      const label = await deps.accounts.readDisplayName(accountId);
      return { step, ...(await deps.totp.beginEnrolment(accountId, interactionId, label)) };
    }
    case 'code':
      return { step, ways, ...(progress.confirms ? { confirms: true } : {}) };
    case 'new-password':
      return { step, shortest };
    case 'manage': {
      const live = await deps.families.findLiveOfAccount(accountId);
      const sessions = live.map(({ sid, clientId, createdAt }) => ({
        sid,
        clientId,
        since: createdAt.toISOString(),
      }));
      const administers = position.grants
        .filter(({ role }) => administrators.has(role))
        .map(({ tenantId, tenantName, clinics, tenantClinics }) => ({
          tenantId,
          tenantName,
          clinics: tenantClinics ?? clinics,
          wholeTenant: tenantClinics !== undefined,
        }));
      return { step, ways, shortest, sessions, administers };
    }
    case 'tenant':
      return {
        step,
        choices: position.grants.map(({ tenantId, tenantName, role }) => ({ tenantId, tenantName, role })),
      };
    case 'continue':
      return { step };
  }
}
