import type { CordonServer } from '@cordon/service';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { longestPassword } from '../accounts/password.ts';
import { IdentityError } from '../error.ts';
import { normaliseRecoveryCode, recoveryCodeForm } from '../factors/recovery-codes.ts';
import { pinOrigin } from '../provider/mount.ts';
import { registerAdministration } from './administration-routes.ts';
import { createSignInFlow, type SignInDependencies, type StepRequest, type Visit } from './flow.ts';
import { findInteraction } from './interaction.ts';
import { registerManageSteps } from './manage-routes.ts';
import { parseBody } from './parse-body.ts';
import { registerPasskeySteps } from './passkey-routes.ts';
import { checkPassword } from './password-step.ts';
import { describePosition, type Step } from './steps.ts';

const passwordBody = z.strictObject({
  email: z.string().min(1).max(254),
  password: z.string().min(1).max(longestPassword),
  /** Without a factor nothing would be asked after this, so whoever wants to change something says so here. */
  manage: z.boolean().default(false),
});
// People type codes in groups.
const codeBody = z.strictObject({ code: z.string().max(40).transform((code) => code.replace(/\s/g, '')) }); // prettier-ignore
const tenantBody = z.object({ tenantId: z.uuid(), role: z.string().max(64) });

/** The JSON interface of the sign-in page; README.md describes it for other callers. */
export async function registerSignIn(server: CordonServer, deps: SignInDependencies): Promise<void> {
  const issuer = new URL(deps.issuer);
  const flow = createSignInFlow(deps);
  const open = async (request: StepRequest, reply: FastifyReply): Promise<Visit> => ({
    request,
    reply,
    interaction: await findInteraction(deps.currentProvider(), request, reply),
  });

  await server.register(
    (scope, _options, done) => {
      scope.addHook('onRequest', (request, _reply, next) => {
        pinOrigin(request.raw, issuer);
        next();
      });

      scope.get('/state', async (request: StepRequest, reply) => {
        const visit = await open(request, reply);
        const progress = await flow.findProgress(visit);
        const step: Step = progress
          ? await describePosition(deps, visit.interaction.id, progress, await flow.locate(visit, progress))
          : { step: 'password' };
        return { clientName: visit.interaction.clientName, ...step };
      });

      scope.post('/password', async (request: StepRequest, reply) => {
        const { email, password, manage } = parseBody(passwordBody, request.body);
        const visit = await open(request, reply);
        const account = await checkPassword(deps, {
          email,
          password,
          address: request.ip,
          deviceCookie: flow.readDeviceCookie(visit),
          requestId: request.id,
        });
        const { id } = visit.interaction;
        const begun = await deps.progress.begin(id, account);
        return flow.advance(visit, manage ? await deps.progress.chooseToManage(id, true) : begun);
      });

      scope.post('/code', async (request: StepRequest, reply) => {
        const { code } = parseBody(codeBody, request.body);
        const visit = await open(request, reply);
        const progress = await flow.requireProgress(visit);
        const { accountId, factorKind, confirms } = progress;
        const recovers = recoveryCodeForm.test(normaliseRecoveryCode(code));
        // A recovery code stands for a lost factor: that wants the password as well.
        if (factorKind !== null || (recovers && confirms)) throw new IdentityError('identity-step-refused');
        await flow.acceptProof(visit, progress, 'code', () =>
          recovers ? deps.recovery.use(accountId, code) : deps.totp.verify(accountId, code),
        );
        const kind = recovers ? 'recovery' : 'totp';
        return flow.advance(visit, await deps.progress.recordFactor(visit.interaction.id, kind));
      });

      scope.post('/enrolment', async (request: StepRequest, reply): Promise<Step> => {
        const { code } = parseBody(codeBody, request.body);
        const visit = await open(request, reply);
        // Who must enrol and has no factor, or has just proven one: a password alone never replaces a factor.
        const progress = await flow.requireStep(visit, 'enrol', 'manage');
        const { accountId } = progress;
        await flow.acceptProof(visit, progress, 'code', () =>
          deps.totp.confirmEnrolment(accountId, visit.interaction.id, code, () =>
            flow.auditEnrolment(visit, accountId, 'totp'),
          ),
        );
        return flow.finishEnrolment(visit, progress, 'totp');
      });

      registerPasskeySteps(scope, { deps, flow, open });
      registerManageSteps(scope, { deps, flow, open });
      registerAdministration(scope, { deps, flow, open });

      scope.post('/tenant', async (request: StepRequest, reply) => {
        const choice = parseBody(tenantBody, request.body);
        const visit = await open(request, reply);
        return flow.advance(visit, await flow.requireProgress(visit), choice);
      });

      // The place stands in the answer, so that nobody agrees to another one than was shown.
      scope.post('/consent', async (request: StepRequest, reply) => {
        const choice = parseBody(tenantBody, request.body);
        const visit = await open(request, reply);
        return flow.advance(visit, await flow.requireProgress(visit), { ...choice, consents: true });
      });

      scope.post('/continue', async (request: StepRequest, reply) => {
        const visit = await open(request, reply);
        const progress = await flow.requireProgress(visit);
        const done = progress.manages && (await flow.locate(visit, progress)).step === 'manage';
        return flow.advance(
          visit,
          done ? await deps.progress.chooseToManage(visit.interaction.id, false) : progress,
        );
      });

      scope.post('/cancel', async (request: StepRequest, reply): Promise<Step> => {
        const { interaction } = await open(request, reply);
        const redirectTo = await interaction.answer({
          error: 'access_denied',
          error_description: 'the person cancelled the sign-in',
        });
        return { step: 'done', redirectTo };
      });
      done();
    },
    { prefix: '/interaction/:uid' },
  );
}
