import {
  AiGatewayError,
  type CheckedCall,
  type Gateway,
  type GatewayContext,
  type PreparedCall,
} from '@cordon/ai-gateway';

/**
 * Whitelisted fields, rules, identifiers, pseudonyms, size: the list stands in `@cordon/ai-gateway`. A check that did not run to its
 * end is a refusal like any other.
 * @throws {AiGatewayError}
 */
export function preparePrompt(gateway: Gateway, call: CheckedCall, context: GatewayContext): PreparedCall {
  try {
    return gateway.prepare(call, context);
  } catch (error) {
    if (error instanceof AiGatewayError) throw error;
    throw new AiGatewayError('ai-check-failed', undefined, { cause: error });
  }
}
