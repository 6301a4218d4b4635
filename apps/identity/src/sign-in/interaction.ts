import type { FastifyReply, FastifyRequest } from 'fastify';
import type Provider from 'oidc-provider';
import { errors, type InteractionResults } from 'oidc-provider';
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
  /** Keeps what came of it. @returns where the browser goes next. */
  answer(result: InteractionResults): Promise<string>;
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
    const interaction = await provider.interactionDetails(request.raw, reply.raw);
    const { uid, params, prompt, returnTo } = interaction;
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
      async answer(result) {
        interaction.result = result;
        await interaction.persist();
        return returnTo;
      },
    };
  } catch (error) {
    if (error instanceof errors.OIDCProviderError)
      throw new IdentityError('identity-interaction-unknown', { cause: error });
    throw error;
  }
}
