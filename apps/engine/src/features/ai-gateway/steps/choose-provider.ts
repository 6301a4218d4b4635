import type { AiProvider, AiPurpose } from '@cordon/access-policy';
import { AiGatewayError } from '@cordon/ai-gateway';
import type { AskedCall } from '../call.ts';
import type { GatewayConfig } from '../read-config.ts';

/** What every client may write where it must name a model. */
export const ANY_MODEL = 'cordon';

/**
 * The provider is a matter of purpose and region. A client that names another model than the one it would get is told so.
 * @throws {AiGatewayError} `ai-provider-unavailable`, `ai-model-unknown`
 */
export function chooseProvider({ gateway }: GatewayConfig, purpose: AiPurpose, asked: AskedCall): AiProvider {
  const provider = gateway.chooseProvider(purpose);
  if (![ANY_MODEL, purpose.id, provider.model].includes(asked.model))
    throw new AiGatewayError('ai-model-unknown');
  return provider;
}
