import { AiGatewayError, type CheckedCall, type Gateway, type GatewayCall } from '@cordon/ai-gateway';

/**
 * The request's form, its data classes and tools, by the purpose: nothing is looked up for what could not be sent.
 * @throws {AiGatewayError}
 */
export function checkRequest(gateway: Gateway, call: GatewayCall): CheckedCall {
  try {
    return gateway.check(call);
  } catch (error) {
    if (error instanceof AiGatewayError) throw error;
    throw new AiGatewayError('ai-check-failed', undefined, { cause: error });
  }
}
