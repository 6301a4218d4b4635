import type { FastifyReply, FastifyRequest } from 'fastify';
import type Provider from 'oidc-provider';
import { codeLimit } from '../attempts/attempts.ts';
import { deviceDays, makeDevice, type KnownDevices } from '../attempts/known-devices.ts';
import { IdentityError } from '../error.ts';
import { hashValue } from '../keys.ts';
import { reportRefusal } from '../refusals.ts';
import { cookieName } from '../provider/cookie-names.ts';
import type { ServiceClients } from '../administration/service-clients.ts';
import type { ClientSettings } from '../settings.ts';
import type { Revocations } from '../provider/revocations.ts';
import { tellPerson, type Mailer } from '../recovery/mailer.ts';
import type { Recoveries } from '../recovery/recoveries.ts';
import { isForeign } from '../provider/clients.ts';
import { describeConsent } from './consent.ts';
import { finishSignIn, type FinishDependencies } from './finish.ts';
import type { OpenInteraction } from './interaction.ts';
import type { PasswordDependencies } from './password-step.ts';
import type { FactorKind, Progress, ProgressStore } from './progress.ts';
import {
  describePosition,
  findPosition,
  listWays,
  type Position,
  type Step,
  type StepDependencies,
} from './steps.ts';

export interface SignInDependencies extends PasswordDependencies, StepDependencies, FinishDependencies {
  readonly progress: ProgressStore;
  readonly recoveries: Recoveries;
  readonly devices: KnownDevices;
  readonly revocations: Revocations;
  readonly mailer: Mailer;
  readonly issuer: string;
  readonly services: ServiceClients;
  /** Those of the deployment's file. */
  readonly clients: readonly ClientSettings[];
  /** The provider in force; it changes with its signing keys. */
  readonly currentProvider: () => Provider;
}

export type StepRequest = FastifyRequest<{ Params: { uid: string } }>;

/** One request of one sign-in. */
export interface Visit {
  readonly request: StepRequest;
  readonly reply: FastifyReply;
  readonly interaction: OpenInteraction;
}

export interface PlaceChoice {
  readonly tenantId: string;
  readonly role: string;
  readonly consents?: true;
}

export interface SignInFlow {
  /** How far this sign-in is; one that may be confirmed with the factor alone begins by being looked at. */
  findProgress(visit: Visit): Promise<Progress | undefined>;
  /** @throws IdentityError `identity-step-refused` before the password was given. */
  requireProgress(visit: Visit): Promise<Progress>;
  /** @throws IdentityError `identity-step-refused` unless the sign-in stands at one of these now. */
  requireStep(visit: Visit, ...steps: Position['step'][]): Promise<Progress>;
  /** Where the person stands; a refusal leaves its entry. */
  locate(visit: Visit, progress: Progress): Promise<Position>;
  /** The next question, or, when none is left, the end. A `choice` that `consents` lets another's client act there. */
  advance(visit: Visit, progress: Progress, choice?: PlaceChoice): Promise<Step>;
  /**
   * Counts, verifies, and throws what `what` names when it does not pass: `identity-code-refused` or
   * `identity-passkey-refused`.
   */
  acceptProof(
    visit: Visit,
    progress: Progress,
    what: 'code' | 'passkey',
    verify: () => Promise<boolean>,
  ): Promise<void>;
  /** Runs before a new factor counts: without its entry there is no factor. */
  auditEnrolment(visit: Visit, accountId: string, kind: FactorKind): Promise<void>;
  /** After a factor was set up: recovery codes with the first one, and a letter each time. */
  finishEnrolment(visit: Visit, progress: Progress, kind: FactorKind): Promise<Step>;
  readDeviceCookie(visit: Visit): string | undefined;
}

const factsOf = ({ request }: Visit) => ({ requestId: request.id, address: request.ip });

export function createSignInFlow(deps: SignInDependencies): SignInFlow {
  const deviceCookie = cookieName(deps.issuer, 'device', 'deeper');
  const cookiesOf = ({ request, reply }: Visit) =>
    deps.currentProvider().createContext(request.raw, reply.raw).cookies;
  const readDeviceCookie = (visit: Visit) => cookiesOf(visit).get(deviceCookie, { signed: true });

  /** For a browser that is known for this account already, nothing. */
  async function findNewDevice(visit: Visit, accountId: string): Promise<string | undefined> {
    return (await deps.devices.isKnown(readDeviceCookie(visit), accountId)) ? undefined : makeDevice();
  }

  function rememberDevice(visit: Visit, device: string): void {
    cookiesOf(visit).set(deviceCookie, device, {
      path: '/interaction',
      httpOnly: true,
      sameSite: 'lax',
      signed: true,
      maxAge: deviceDays * 24 * 60 * 60 * 1000,
    });
  }

  /**
   * Guesses at a desk that was left locked, where nobody gave a password, hold up that sign-in and nobody elsewhere; a
   * stranger who has the password holds up no browser that has signed in before.
   */
  async function findProofLane(
    visit: Visit,
    accountId: string,
    confirmed: string | undefined,
  ): Promise<string> {
    if (confirmed !== undefined) return `confirmation:${confirmed}`;
    const device = readDeviceCookie(visit);
    return device !== undefined && (await deps.devices.isKnown(device, accountId))
      ? `code:device:${hashValue(device).toString('hex')}`
      : `code:${accountId}`;
  }

  async function locate(visit: Visit, progress: Progress): Promise<Position> {
    try {
      return await findPosition(deps, progress, visit.interaction.factorDemanded);
    } catch (error) {
      if (error instanceof IdentityError) {
        await reportRefusal(deps, {
          ...factsOf(visit),
          accountId: progress.accountId,
          reasonCode: error.code,
        });
      }
      throw error;
    }
  }

  async function findProgress({ interaction }: Visit): Promise<Progress | undefined> {
    const { id, confirms } = interaction;
    const progress = await deps.progress.find(id);
    if (progress ?? confirms === undefined) return progress;
    if (listWays(await deps.accounts.findStanding(confirms.accountId)).length === 0) return undefined;
    return deps.progress.beginConfirmation(id, confirms);
  }

  async function requireProgress(visit: Visit): Promise<Progress> {
    const progress = await findProgress(visit);
    if (!progress) throw new IdentityError('identity-step-refused');
    return progress;
  }

  async function advance(visit: Visit, progress: Progress, choice?: PlaceChoice): Promise<Step> {
    const { interaction } = visit;
    const position = await locate(visit, progress);
    const over = position.step === 'continue' || position.step === 'tenant';
    if (!over && choice) throw new IdentityError('identity-step-refused');
    if (!over || (position.step === 'tenant' && !choice))
      return describePosition(deps, interaction.id, progress, position);
    const chosen = choice
      ? position.grants.find((grant) => grant.tenantId === choice.tenantId && grant.role === choice.role)
      : position.grants[0];
    if (!chosen) throw new IdentityError('identity-choice-unknown');
    if (deps.clients.some((client) => client.client_id === interaction.clientId && isForeign(client))) {
      if (choice?.consents !== true) return describeConsent(interaction, chosen);
      await deps.audit.appendAudit([
        {
          action: 'sign-in.consented',
          decision: 'permit',
          reasonCode: interaction.clientId,
          accountId: progress.accountId,
          tenantId: chosen.tenantId,
          role: chosen.role,
          ...factsOf(visit),
        },
      ]);
    }
    const newDevice = await findNewDevice(visit, progress.accountId);
    const redirectTo = await finishSignIn(deps, {
      ...factsOf(visit),
      interaction,
      progress,
      chosen,
      newDevice,
    });
    if (newDevice !== undefined) rememberDevice(visit, newDevice);
    return { step: 'done', redirectTo };
  }

  return {
    readDeviceCookie,
    locate,
    findProgress,
    requireProgress,

    async requireStep(visit, ...steps) {
      const progress = await requireProgress(visit);
      const { step } = await locate(visit, progress);
      if (!steps.includes(step)) throw new IdentityError('identity-step-refused');
      return progress;
    },

    advance,

    async finishEnrolment(visit, progress, kind) {
      const { accountId } = progress;
      await tellPerson(deps, accountId, {
        subject: 'A second step was added',
        text: 'A new way to confirm your sign-in was added to your account. If that was not you, tell your clinic now.\n',
      });
      // Beside an earlier factor, which was proven, the recovery codes stay as they are.
      if (progress.factorKind !== null) return advance(visit, progress);
      await deps.progress.recordFactor(visit.interaction.id, kind);
      return { step: 'recovery', codes: await deps.recovery.issue(accountId) };
    },

    auditEnrolment: (visit, accountId, reasonCode) =>
      deps.audit.appendAudit([
        { action: 'factor.enrolled', decision: 'permit', reasonCode, accountId, ...factsOf(visit) },
      ]),

    async acceptProof(visit, { accountId, confirms }, what, verify) {
      const lane = await findProofLane(visit, accountId, confirms?.sid);
      await deps.attempts.reserve(lane, codeLimit);
      if (!(await verify())) {
        await reportRefusal(deps, {
          ...factsOf(visit),
          accountId,
          reasonCode: what === 'code' ? 'code-wrong-or-used' : 'passkey-not-accepted',
        });
        throw new IdentityError(`identity-${what}-refused`);
      }
      await deps.attempts.forget(lane);
    },
  };
}
