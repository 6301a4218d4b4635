import type { FastifyReply, FastifyRequest } from 'fastify';
import type Provider from 'oidc-provider';
import { codeLimit } from '../attempts/attempts.ts';
import { deviceDays } from '../attempts/known-devices.ts';
import { IdentityError } from '../error.ts';
import { reportRefusal } from '../refusals.ts';
import { cookieName } from '../provider/cookie-names.ts';
import { finishSignIn, type FinishRoom } from './finish.ts';
import type { OpenInteraction } from './interaction.ts';
import type { PasswordRoom } from './password-step.ts';
import type { Progress } from './progress.ts';
import { describePosition, findPosition, type Position, type Step, type StepRoom } from './steps.ts';

export interface SignInRoom extends PasswordRoom, StepRoom, Omit<FinishRoom, 'provider'> {
  readonly issuer: string;
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

export interface SignInFlow {
  /** @throws IdentityError `identity-step-refused` before the password was given. */
  requireProgress(visit: Visit): Promise<Progress>;
  /** @throws IdentityError `identity-step-refused` unless the sign-in stands at this step now. */
  requireStep(visit: Visit, step: Position['step']): Promise<Progress>;
  /** Where the person stands; a refusal leaves its entry. */
  locate(visit: Visit, progress: Progress): Promise<Position>;
  /** The next question, or, when none is left, the end. */
  advance(visit: Visit, progress: Progress, choice?: { tenantId: string; role: string }): Promise<Step>;
  /**
   * Counts, verifies, and throws what `what` names when it does not pass: `identity-code-refused` or
   * `identity-passkey-refused`.
   */
  acceptProof(
    visit: Visit,
    accountId: string,
    what: 'code' | 'passkey',
    verify: () => Promise<boolean>,
  ): Promise<void>;
  /** Runs before a new factor counts: without its entry there is no factor. */
  auditEnrolment(visit: Visit, accountId: string, kind: 'totp' | 'webauthn'): Promise<void>;
  readDeviceCookie(visit: Visit): string | undefined;
}

const factsOf = ({ request }: Visit) => ({ requestId: request.id, address: request.ip });

export function createSignInFlow(room: SignInRoom): SignInFlow {
  const deviceCookie = cookieName(room.issuer, 'device', 'deeper');
  const cookiesOf = ({ request, reply }: Visit) =>
    room.currentProvider().createContext(request.raw, reply.raw).cookies;
  const readDeviceCookie = (visit: Visit) => cookiesOf(visit).get(deviceCookie, { signed: true });

  async function rememberDevice(visit: Visit, accountId: string): Promise<void> {
    if (await room.devices.isKnown(readDeviceCookie(visit), accountId)) return;
    cookiesOf(visit).set(deviceCookie, await room.devices.remember(accountId), {
      path: '/interaction',
      httpOnly: true,
      sameSite: 'lax',
      signed: true,
      maxAge: deviceDays * 24 * 60 * 60 * 1000,
    });
  }

  async function locate(visit: Visit, progress: Progress): Promise<Position> {
    try {
      return await findPosition(room, progress, visit.interaction.factorDemanded);
    } catch (error) {
      if (error instanceof IdentityError) {
        await reportRefusal(room, {
          ...factsOf(visit),
          accountId: progress.accountId,
          reasonCode: error.code,
        });
      }
      throw error;
    }
  }

  async function requireProgress({ interaction }: Visit): Promise<Progress> {
    const progress = await room.progress.find(interaction.id);
    if (!progress) throw new IdentityError('identity-step-refused');
    return progress;
  }

  return {
    readDeviceCookie,
    locate,
    requireProgress,

    async requireStep(visit, step) {
      const progress = await requireProgress(visit);
      if ((await locate(visit, progress)).step !== step) throw new IdentityError('identity-step-refused');
      return progress;
    },

    async advance(visit, progress, choice) {
      const { request, reply, interaction } = visit;
      const position = await locate(visit, progress);
      const asks = position.step === 'code' || position.step === 'enrol';
      if (asks && choice) throw new IdentityError('identity-step-refused');
      if (asks || (position.step === 'tenant' && !choice)) return describePosition(room, progress, position);
      const chosen = choice
        ? position.grants.find((grant) => grant.tenantId === choice.tenantId && grant.role === choice.role)
        : position.grants[0];
      if (!chosen) throw new IdentityError('identity-choice-unknown');
      const redirectTo = await finishSignIn(
        { ...room, provider: room.currentProvider() },
        {
          request: request.raw,
          response: reply.raw,
          ...factsOf(visit),
          interactionId: interaction.id,
          clientId: interaction.clientId,
          requestedScope: interaction.requestedScope,
          progress,
          chosen,
        },
      );
      await rememberDevice(visit, progress.accountId);
      return { step: 'done', redirectTo };
    },

    auditEnrolment: (visit, accountId, reasonCode) =>
      room.audit.appendAudit([
        { action: 'factor.enrolled', decision: 'permit', reasonCode, accountId, ...factsOf(visit) },
      ]),

    async acceptProof(visit, accountId, what, verify) {
      const lane = `code:${accountId}`;
      await room.attempts.reserve(lane, codeLimit);
      if (!(await verify())) {
        await reportRefusal(room, {
          ...factsOf(visit),
          accountId,
          reasonCode: what === 'code' ? 'code-wrong-or-used' : 'passkey-not-accepted',
        });
        throw new IdentityError(`identity-${what}-refused`);
      }
      await room.attempts.forget(lane);
    },
  };
}
