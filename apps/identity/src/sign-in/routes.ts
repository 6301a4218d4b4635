import { ServiceError, type CordonServer } from '@cordon/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { longestPassword } from '../accounts/password.ts';
import { IdentityError } from '../error.ts';
import { normaliseRecoveryCode, recoveryCodeForm } from '../factors/recovery-codes.ts';
import { pinOrigin } from '../provider/mount.ts';
import { createSignInFlow, type SignInRoom, type Visit } from './flow.ts';
import { findInteraction } from './interaction.ts';
import { checkPassword } from './password-step.ts';
import { describePosition, type Step } from './steps.ts';

const passwordBody = z.strictObject({
  email: z.string().min(1).max(254),
  password: z.string().min(1).max(longestPassword),
});
// People type codes in groups.
const codeBody = z.strictObject({ code: z.string().max(40).transform((code) => code.replace(/\s/g, '')) }); // prettier-ignore
const tenantBody = z.object({ tenantId: z.uuid(), role: z.string().max(64) });

function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new ServiceError('request-invalid', 'Something is missing or too long. Check what you entered.', {
    fields: result.error.issues.map((issue) => ({ field: issue.path.join('.'), reason: issue.code })),
  });
}

type StepRequest = FastifyRequest<{ Params: { uid: string } }>;

/** The JSON interface of the sign-in page; README.md describes it for other callers. */
export async function registerSignIn(server: CordonServer, room: SignInRoom): Promise<void> {
  const issuer = new URL(room.issuer);
  const flow = createSignInFlow(room);
  const open = async (request: StepRequest, reply: FastifyReply): Promise<Visit> => ({
    request,
    reply,
    interaction: await findInteraction(room.currentProvider(), request, reply),
  });

  await server.register(
    (scope, _options, done) => {
      scope.addHook('onRequest', (request, _reply, next) => {
        pinOrigin(request.raw, issuer);
        next();
      });

      scope.get('/state', async (request: StepRequest, reply) => {
        const visit = await open(request, reply);
        const progress = await room.progress.find(visit.interaction.id);
        const step: Step = progress
          ? await describePosition(room, progress, await flow.locate(visit, progress))
          : { step: 'password' };
        return { clientName: visit.interaction.clientName, ...step };
      });

      scope.post('/password', async (request: StepRequest, reply) => {
        const { email, password } = parseBody(passwordBody, request.body);
        const visit = await open(request, reply);
        const account = await checkPassword(room, {
          email,
          password,
          address: request.ip,
          deviceCookie: flow.readDeviceCookie(visit),
          requestId: request.id,
        });
        return flow.advance(visit, await room.progress.begin(visit.interaction.id, account.id));
      });

      scope.post('/code', async (request: StepRequest, reply) => {
        const { code } = parseBody(codeBody, request.body);
        const visit = await open(request, reply);
        const { accountId, factorKind } = await flow.requireProgress(visit);
        if (factorKind !== null) throw new IdentityError('identity-step-refused');
        const recovers = recoveryCodeForm.test(normaliseRecoveryCode(code));
        await flow.acceptCode(visit, accountId, () =>
          recovers ? room.recovery.use(accountId, code) : room.totp.verify(accountId, code),
        );
        const kind = recovers ? 'recovery' : 'totp';
        return flow.advance(visit, await room.progress.recordFactor(visit.interaction.id, kind));
      });

      scope.post('/enrolment', async (request: StepRequest, reply): Promise<Step> => {
        const { code } = parseBody(codeBody, request.body);
        const visit = await open(request, reply);
        const progress = await flow.requireProgress(visit);
        const { accountId } = progress;
        // Only who must enrol and has no factor may enrol here: a password alone never replaces a factor.
        if ((await flow.locate(visit, progress)).step !== 'enrol')
          throw new IdentityError('identity-step-refused');
        const audited = () =>
          room.audit.appendAudit([
            {
              action: 'factor.enrolled',
              decision: 'permit',
              reasonCode: 'totp',
              accountId,
              requestId: request.id,
              address: request.ip,
            },
          ]);
        await flow.acceptCode(visit, accountId, () => room.totp.confirmEnrolment(accountId, code, audited));
        await room.progress.recordFactor(visit.interaction.id, 'totp');
        return { step: 'recovery', codes: await room.recovery.issue(accountId) };
      });

      scope.post('/tenant', async (request: StepRequest, reply) => {
        const choice = parseBody(tenantBody, request.body);
        const visit = await open(request, reply);
        return flow.advance(visit, await flow.requireProgress(visit), choice);
      });

      scope.post('/continue', async (request: StepRequest, reply) => {
        const visit = await open(request, reply);
        return flow.advance(visit, await flow.requireProgress(visit));
      });

      scope.post('/cancel', async (request: StepRequest, reply): Promise<Step> => {
        await open(request, reply);
        const redirectTo = await room
          .currentProvider()
          .interactionResult(
            request.raw,
            reply.raw,
            { error: 'access_denied', error_description: 'the person cancelled the sign-in' },
            { mergeWithLastSubmission: false },
          );
        return { step: 'done', redirectTo };
      });
      done();
    },
    { prefix: '/interaction/:uid' },
  );
}
