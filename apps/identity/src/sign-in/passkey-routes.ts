import type { CordonServer } from '@cordon/service';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { IdentityError } from '../error.ts';
import type { SignInFlow, SignInDependencies, StepRequest, Visit } from './flow.ts';
import { parseBody } from './parse-body.ts';
import type { Position, Step } from './steps.ts';

const bytes = (most: number) => z.string().regex(/^[A-Za-z0-9_-]+$/).max(most); // prettier-ignore
/** Extensions are not asked for, and what a page says of them is not read. */
const credential = {
  id: bytes(1_400),
  rawId: bytes(1_400),
  type: z.literal('public-key'),
  clientExtensionResults: z.unknown().transform(() => ({})),
};
const enrolmentBody = z.object({
  ...credential,
  response: z.object({ clientDataJSON: bytes(4_096), attestationObject: bytes(16_384) }),
});
const useBody = z.object({
  ...credential,
  response: z
    .object({
      clientDataJSON: bytes(4_096),
      authenticatorData: bytes(4_096),
      signature: bytes(4_096),
      userHandle: bytes(128).optional(),
    })
    .transform(({ userHandle, ...signed }) =>
      userHandle === undefined ? signed : { ...signed, userHandle },
    ),
});

export interface PasskeySteps {
  readonly deps: SignInDependencies;
  readonly flow: SignInFlow;
  readonly open: (request: StepRequest, reply: FastifyReply) => Promise<Visit>;
}

/** The two ceremonies of Web Authentication, each a question (`…/options`) and its answer. */
export function registerPasskeySteps(scope: CordonServer, { deps, flow, open }: PasskeySteps): void {
  /** @throws IdentityError `identity-step-refused` unless the sign-in stands at one of these. */
  async function stand(request: StepRequest, reply: FastifyReply, ...steps: Position['step'][]) {
    const visit = await open(request, reply);
    const progress = await flow.requireStep(visit, ...steps);
    return { visit, progress, accountId: progress.accountId, id: visit.interaction.id };
  }

  scope.post('/passkey/options', async (request: StepRequest, reply) => {
    const { accountId, id } = await stand(request, reply, 'code');
    const options = await deps.passkeys.beginUse(accountId);
    if (options.allowCredentials?.length === 0) throw new IdentityError('identity-step-refused');
    await deps.progress.keepChallenge(id, 'passkey', options.challenge);
    return options;
  });

  scope.post('/passkey', async (request: StepRequest, reply) => {
    const answer = parseBody(useBody, request.body);
    const { visit, progress, accountId, id } = await stand(request, reply, 'code');
    await flow.acceptProof(visit, progress, 'passkey', async () => {
      const challenge = await deps.progress.takeChallenge(id, 'passkey');
      return challenge !== undefined && deps.passkeys.verify(accountId, challenge, answer);
    });
    return flow.advance(visit, await deps.progress.recordFactor(id, 'webauthn'));
  });

  scope.post('/passkey-enrolment/options', async (request: StepRequest, reply) => {
    const { accountId, id } = await stand(request, reply, 'enrol', 'manage');
    const label = await deps.accounts.readDisplayName(accountId);
    const options = await deps.passkeys.beginEnrolment(accountId, label);
    await deps.progress.keepChallenge(id, 'passkey-enrolment', options.challenge);
    return options;
  });

  scope.post('/passkey-enrolment', async (request: StepRequest, reply): Promise<Step> => {
    const answer = parseBody(enrolmentBody, request.body);
    const { visit, progress, accountId, id } = await stand(request, reply, 'enrol', 'manage');
    await flow.acceptProof(visit, progress, 'passkey', async () => {
      const challenge = await deps.progress.takeChallenge(id, 'passkey-enrolment');
      const audited = () => flow.auditEnrolment(visit, accountId, 'webauthn');
      return (
        challenge !== undefined &&
        deps.passkeys.confirmEnrolment({ accountId, interactionId: id, challenge }, answer, audited)
      );
    });
    return flow.finishEnrolment(visit, progress, 'webauthn');
  });
}
