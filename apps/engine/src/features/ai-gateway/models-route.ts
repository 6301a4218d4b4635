import { AiGatewayError } from '@cordon/ai-gateway';
import { z } from 'zod';
import type { RouteTools } from '../../server/route-tools.ts';
import type { GatewayParts } from './call.ts';
import { isOffline } from './providers/index.ts';
import { needsConsent } from './needs-consent.ts';
import { createProblemHandler } from './tell-problem.ts';

const model = z.object({
  id: z.string(),
  object: z.literal('model'),
  created: z.int(),
  owned_by: z.string(),
  cordon: z.object({
    purpose: z.string(),
    description: z.string(),
    model: z.string(),
    offline: z.boolean(),
    takes: z.enum(['text', 'record']),
    maxCharacters: z.int(),
    storesTranscript: z.boolean(),
    needsConsent: z.boolean(),
  }),
});

/** `GET /v1/ai/models`: the purposes that the caller may use, each as a model of OpenAI's API. */
export function registerModelsRoute(tools: RouteTools, parts: GatewayParts): void {
  const { server } = tools;
  server.get('/v1/ai/models', {
    schema: {
      summary: 'List the purposes that the caller may use, as models',
      response: { 200: z.object({ object: z.literal('list'), data: z.array(model) }) },
    },
    config: { decides: null, visitors: true },
    onRequest: tools.enter('read'),
    errorHandler: createProblemHandler(parts.engine.logger),
    handler: async (request) => {
      const { role } = tools.callerOf(request);
      const { gateway } = await parts.readConfig();
      const data = [...gateway.purposes.values()]
        .filter(({ roles }) => roles.includes(role))
        .flatMap((purpose) => {
          const provider = findServing(() => gateway.chooseProvider(purpose));
          if (provider === null) return [];
          return {
            id: purpose.id,
            object: 'model' as const,
            created: 0,
            owned_by: provider.id,
            cordon: {
              purpose: purpose.id,
              description: purpose.description,
              model: provider.model,
              offline: isOffline(provider),
              takes: purpose.whitelistedFields.includes('chatMessage.text')
                ? ('text' as const)
                : ('record' as const),
              maxCharacters: purpose.maxCharacters,
              storesTranscript: purpose.storeSanitisedTranscript,
              needsConsent: needsConsent(purpose),
            },
          };
        });
      return { object: 'list' as const, data };
    },
  });
}

function findServing<Provider>(choose: () => Provider): Provider | null {
  try {
    return choose();
  } catch (error) {
    if (error instanceof AiGatewayError) return null;
    throw error;
  }
}
