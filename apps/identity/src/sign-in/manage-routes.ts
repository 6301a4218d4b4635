import type { CordonServer } from '@cordon/service';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { changePassword } from '../accounts/change-password.ts';
import { longestPassword } from '../accounts/password.ts';
import { IdentityError } from '../error.ts';
import { approveReset } from '../recovery/approve-reset.ts';
import type { StepRequest } from './flow.ts';
import { parseBody } from './parse-body.ts';
import type { PasskeySteps } from './passkey-routes.ts';
import { describePosition, listWays, type Step } from './steps.ts';

const passwordBody = z.strictObject({ password: z.string().min(1).max(longestPassword) });
const sessionsBody = z.strictObject({ sid: z.uuid().optional() });
const approvalBody = z.strictObject({ email: z.string().min(1).max(254) });

/**
 * What a person changes between the last proof and the end of a sign-in: password, factors, sessions. Standing there
 * means that the password, and a factor where there is one, was given within the last ten minutes.
 */
export function registerManageSteps(scope: CordonServer, { deps, flow, open }: PasskeySteps): void {
  scope.post('/manage', async (request: StepRequest, reply) => {
    const visit = await open(request, reply);
    const { confirms } = await flow.requireProgress(visit);
    if (confirms) throw new IdentityError('identity-step-refused');
    return flow.advance(visit, await deps.progress.chooseToManage(visit.interaction.id, true));
  });

  scope.post('/new-password', async (request: StepRequest, reply) => {
    const { password } = parseBody(passwordBody, request.body);
    const visit = await open(request, reply);
    const progress = await flow.requireStep(visit, 'new-password', 'manage');
    const account = await deps.accounts.findById(progress.accountId);
    if (!account) throw new IdentityError('identity-step-refused');
    const { shortestPassword } = await flow.locate(visit, progress);
    await changePassword(deps, {
      account,
      password,
      shortest: shortestPassword,
      reasonCode: account.mustChangePassword ? 'required' : 'chosen',
      goesOn: visit.interaction.id,
      requestId: request.id,
      address: request.ip,
    });
    return flow.advance(visit, progress);
  });

  /** @throws IdentityError `identity-step-refused` unless the sign-in stands here. */
  async function stand(request: StepRequest, reply: FastifyReply) {
    const visit = await open(request, reply);
    return { visit, progress: await flow.requireStep(visit, 'manage') };
  }

  scope.post('/enrolment/begin', async (request: StepRequest, reply) => {
    const { visit, progress } = await stand(request, reply);
    const position = await flow.locate(visit, progress);
    return describePosition(deps, visit.interaction.id, progress, { ...position, step: 'enrol' });
  });

  scope.post('/recovery-codes', async (request: StepRequest, reply): Promise<Step> => {
    const { visit, progress } = await stand(request, reply);
    if (listWays(await deps.accounts.findStanding(progress.accountId)).length === 0)
      throw new IdentityError('identity-step-refused');
    await flow.auditEnrolment(visit, progress.accountId, 'recovery');
    return { step: 'recovery', codes: await deps.recovery.issue(progress.accountId) };
  });

  // Without a `sid`: everywhere.
  scope.post('/sessions/end', async (request: StepRequest, reply) => {
    const { sid } = parseBody(sessionsBody, request.body);
    const { visit, progress } = await stand(request, reply);
    if (sid === undefined) await deps.revocations.revokeAll(progress.accountId, 'person-request');
    else {
      const live = await deps.families.findLiveOfAccount(progress.accountId);
      const family = live.find((each) => each.sid === sid);
      if (family) await deps.revocations.revoke(family.grantId, 'person-request');
    }
    return flow.advance(visit, progress);
  });

  scope.post('/approval', async (request: StepRequest, reply) => {
    const { email } = parseBody(approvalBody, request.body);
    const { progress } = await stand(request, reply);
    if (progress.factorKind === null) throw new IdentityError('identity-approval-refused');
    const { code, usableFrom } = await approveReset(deps, {
      approverId: progress.accountId,
      email,
      requestId: request.id,
      address: request.ip,
    });
    return { step: 'approved', code, usableFrom: usableFrom.toISOString() } satisfies Step;
  });
}
