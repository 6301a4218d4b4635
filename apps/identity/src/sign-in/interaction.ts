import type { FastifyReply, FastifyRequest } from 'fastify';
import type Provider from 'oidc-provider';
import { errors } from 'oidc-provider';
import { z } from 'zod';
import { IdentityError } from '../error.ts';
import { demandsFactor } from '../provider/policy.ts';
import type { ConfirmableSignIn } from './progress.ts';

/** The authorization request that a person is signing in for. */
export interface OpenInteraction {
  readonly id: string;
  readonly clientId: string;
  readonly clientName: string;
  /** Where the answer goes. */
  readonly redirectUri: string;
  readonly requestedScope: string;
  readonly factorDemanded: boolean;
  /** What the factor alone may confirm here, if it still stands. */
  readonly confirms: ConfirmableSignIn | undefined;
}

const confirmable = z.object({ sid: z.uuid(), accountId: z.uuid(), clientId: z.string() });
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * Found by the signed cookie of this browser alone; the address must name the same one.
 * @throws IdentityError `identity-interaction-unknown`
 */
export async function findInteraction(
  provider: Provider,
  request: FastifyRequest<{ Params: { uid: string } }>,
  reply: FastifyReply,
): Promise<OpenInteraction> {
  try {
    const { uid, params, prompt } = await provider.interactionDetails(request.raw, reply.raw);
    if (uid !== request.params.uid) throw new IdentityError('identity-interaction-unknown');
    const clientId = text(params['client_id']);
    const client = await provider.Client.find(clientId);
    return {
      id: uid,
      clientId,
      clientName: client?.clientName ?? clientId,
      redirectUri: text(params['redirect_uri']),
      requestedScope: text(params['scope']),
      factorDemanded: demandsFactor(params),
      confirms: confirmable.safeParse(prompt.details['confirms']).data,
    };
  } catch (error) {
    if (error instanceof errors.OIDCProviderError)
      throw new IdentityError('identity-interaction-unknown', { cause: error });
    throw error;
  }
}
