import type { CordonServer, Logger } from '@cordon/service';
import { z } from 'zod';
import { changePassword, type PasswordChangeDependencies } from '../accounts/change-password.ts';
import { shortestFor } from '../accounts/password-rules.ts';
import { longestPassword } from '../accounts/password.ts';
import { addressLane, addressLimit, type Attempts } from '../attempts/attempts.ts';
import type { EngineGrants } from '../engine/sign-in-grants.ts';
import { IdentityError } from '../error.ts';
import { parseBody } from '../sign-in/parse-body.ts';
import { reportRefusal } from '../refusals.ts';
import { listWays } from '../sign-in/steps.ts';
import { tellPerson, type Mailer } from './mailer.ts';
import type { Recoveries } from './recoveries.ts';
import { sendRecoveryLink } from './send-link.ts';

export interface RecoveryDependencies extends PasswordChangeDependencies {
  readonly issuer: string;
  /** Where staff sign in. */
  readonly homes: { readonly console: string };
  readonly attempts: Attempts;
  readonly engine: EngineGrants;
  readonly recoveries: Recoveries;
  readonly mailer: Mailer;
  readonly logger: Logger;
}

const requestBody = z.strictObject({ email: z.string().min(1).max(254) });
const redemptionBody = z.strictObject({
  // A mistyped code is told so like any that is not known.
  token: z.string().trim().min(1).max(200),
  password: z.string().min(1).max(longestPassword),
}); // prettier-ignore

const changed = {
  subject: 'Your password was changed',
  text: 'Your password was changed and you are signed out everywhere. If that was not you, tell your clinic now.\n',
};
const chosen = {
  subject: 'You have chosen a password',
  text: 'The password of your account was chosen with your invitation. If that was not you, tell your clinic now.\n',
};

/** Letters under way at once; who asks beyond that is asked to come again. */
const mostUnderWay = 50;

/** `POST /recovery/requests` and `POST /recovery/redemptions`, for the page at `/recover`. */
export function registerRecovery(
  server: CordonServer,
  deps: RecoveryDependencies,
): { settled: () => Promise<void> } {
  const underWay = new Set<Promise<void>>();

  server.post('/recovery/requests', async (request, reply) => {
    const { email } = parseBody(requestBody, request.body);
    await deps.attempts.reserve(`recovery:${addressLane(request.ip)}`, addressLimit);
    if (underWay.size >= mostUnderWay) throw new IdentityError('identity-busy', { retryAfterSeconds: 5 });
    // The answer is given before anything is looked up: neither it nor its time tells whether the account exists.
    const work = sendRecoveryLink(deps, { email, requestId: request.id, address: request.ip })
      .catch((error: unknown) => {
        deps.logger.error('recovery link not sent', { err: error, requestId: request.id });
      })
      .finally(() => underWay.delete(work));
    underWay.add(work);
    return reply.status(202).send({ sent: true });
  });

  server.post('/recovery/redemptions', async (request) => {
    const { token, password } = parseBody(redemptionBody, request.body);
    const lane = `redemption:${addressLane(request.ip)}`;
    await deps.attempts.assertOpen(lane);
    const recovery = await deps.recoveries.find(token);
    const account = recovery && (await deps.accounts.findById(recovery.accountId));
    const invited = recovery?.kind === 'invitation';
    // Whoever finds an invitation later must not replace a password with it.
    const isOver = recovery?.open !== true || (invited && account?.passwordHash !== null);
    if (isOver || account?.state !== 'active') {
      await deps.attempts.countFailure(lane, addressLimit);
      await reportRefusal(deps, {
        accountId: account?.id,
        reasonCode: recovery ? 'link-over' : 'link-unknown',
        requestId: request.id,
        address: request.ip,
      });
      throw new IdentityError('identity-recovery-refused');
    }
    if (!recovery.due) throw new IdentityError('identity-recovery-cooling');
    const resets = recovery.kind === 'approval';
    // An approval is for staff, who set up a factor at the next sign-in; the others leave the factors as they are.
    const withFactor = resets || listWays(await deps.accounts.findStanding(account.id)).length > 0;
    const facts = { accountId: account.id, requestId: request.id, address: request.ip };
    await changePassword(deps, {
      account,
      password,
      shortest: shortestFor(withFactor),
      reasonCode: invited ? 'invited' : 'recovered',
      resetsFactors: resets,
      ...facts,
      first: async () => {
        if (!(await deps.recoveries.use(recovery.id))) throw new IdentityError('identity-recovery-refused');
        if (!resets) return;
        await deps.audit.appendAudit([
          { action: 'factor.reset', decision: 'permit', reasonCode: 'administrator-approval', ...facts },
        ]);
      },
    });
    await tellPerson(deps, account.id, invited ? chosen : changed);
    return { changed: true, ...(invited && { signInAt: new URL('/auth/sign-in', deps.homes.console).href }) };
  });

  return {
    settled: async () => {
      await Promise.all(underWay);
    },
  };
}
