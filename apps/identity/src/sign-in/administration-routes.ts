import type { CordonServer } from '@cordon/service';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { invite } from '../administration/invite.ts';
import { endService, registerService } from '../administration/register-service.ts';
import { staffRoles } from '../engine/sign-in-grants.ts';
import { IdentityError } from '../error.ts';
import { clientIdForm, clinicScope, publicKey, serviceRoles } from '../settings.ts';
import type { StepRequest } from './flow.ts';
import { parseBody } from './parse-body.ts';
import type { PasskeySteps } from './passkey-routes.ts';
import type { Step } from './steps.ts';

const invitationBody = z.strictObject({
  email: z.email().max(254),
  displayName: z.string().trim().min(1).max(200),
  tenantId: z.uuid(),
  role: z.enum(staffRoles),
  clinicIds: z.array(z.uuid()).max(200),
});
const clientId = z.string().regex(clientIdForm);
const serviceBody = z.strictObject({
  clientId,
  tenantId: z.uuid(),
  role: z.enum(serviceRoles),
  scopes: z.array(clinicScope).min(1).max(400),
  publicKey,
});
const endBody = z.strictObject({ clientId, tenantId: z.uuid() });

/** What administrators do between the last proof and the end of a sign-in: with a factor given in the last ten minutes. */
export function registerAdministration(scope: CordonServer, { deps, flow, open }: PasskeySteps): void {
  async function stand(request: StepRequest, reply: FastifyReply) {
    const visit = await open(request, reply);
    const { accountId, factorKind } = await flow.requireStep(visit, 'manage');
    if (factorKind === null) throw new IdentityError('identity-invitation-refused');
    return { accountId, requestId: request.id, address: request.ip };
  }

  scope.post('/invitation', async (request: StepRequest, reply): Promise<Step> => {
    const body = parseBody(invitationBody, request.body);
    const { accountId: inviterId, ...facts } = await stand(request, reply);
    await invite(deps, { ...body, inviterId, ...facts });
    return { step: 'invited' };
  });

  scope.post('/service-client', async (request: StepRequest, reply): Promise<Step> => {
    const body = parseBody(serviceBody, request.body);
    const { accountId: administratorId, ...facts } = await stand(request, reply);
    await registerService(deps, { ...body, administratorId, ...facts });
    return { step: 'registered' };
  });

  scope.post('/service-client/end', async (request: StepRequest, reply): Promise<Step> => {
    const body = parseBody(endBody, request.body);
    const { accountId: administratorId, ...facts } = await stand(request, reply);
    await endService(deps, { ...body, administratorId, ...facts });
    return { step: 'registered' };
  });
}
