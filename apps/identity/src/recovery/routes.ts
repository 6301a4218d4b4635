import type { CordonServer, Logger } from '@cordon/service';
import { z } from 'zod';
import { changePassword, type PasswordChangeDependencies } from '../accounts/change-password.ts';
import { shortestFor } from '../accounts/password-rules.ts';
import { longestPassword } from '../accounts/password.ts';
import { addressLane, addressLimit, type Attempts } from '../attempts/attempts.ts';
import type { EngineGrants } from '../engine/sign-in-grants.ts';
import { IdentityError } from '../error.ts';
import { parseBody } from '../sign-in/parse-body.ts';
import { listWays } from '../sign-in/steps.ts';
import { tellPerson, type Mailer } from './mailer.ts';
import type { Recoveries } from './recoveries.ts';
import { sendRecoveryLink } from './send-link.ts';

export interface RecoveryDependencies extends PasswordChangeDependencies {
  readonly issuer: string;
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
    if (!recovery || account?.state !== 'active') {
      await deps.attempts.countFailure(lane, addressLimit);
      throw new IdentityError('identity-recovery-refused');
    }
    if (!recovery.due) throw new IdentityError('identity-recovery-cooling');
    const resets = recovery.kind === 'approval';
    // An approval is for staff, who set up a factor at the next sign-in; a link leaves the factors as they are.
    const withFactor = resets || listWays(await deps.accounts.findStanding(account.id)).length > 0;
    const facts = { accountId: account.id, requestId: request.id, address: request.ip };
    await changePassword(deps, {
      account,
      password,
      shortest: shortestFor(withFactor),
      reasonCode: 'recovered',
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
    await tellPerson(deps, account.id, {
      subject: 'Your password was changed',
      text: 'Your password was changed and you are signed out everywhere. If that was not you, tell your clinic now.\n',
    });
    return { changed: true };
  });

  return {
    settled: async () => {
      await Promise.all(underWay);
    },
  };
}
