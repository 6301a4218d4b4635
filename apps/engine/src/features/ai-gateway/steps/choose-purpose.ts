import type { AiPurpose } from '@cordon/access-policy';
import { AiGatewayError } from '@cordon/ai-gateway';
import type { RequestCaller } from '../../../caller/caller.ts';
import type { AskedCall } from '../call.ts';
import type { GatewayConfig } from '../read-config.ts';

/** @throws {AiGatewayError} `ai-request-invalid`, `ai-purpose-unknown`, `ai-purpose-not-allowed` */
export function choosePurpose(
  { gateway }: GatewayConfig,
  caller: RequestCaller,
  { purposeId, request }: AskedCall,
): AiPurpose {
  // What is no object can name nothing.
  if (typeof request !== 'object' || request === null || Array.isArray(request))
    throw new AiGatewayError('ai-request-invalid', 'the body');
  const purpose = gateway.purposes.get(purposeId);
  if (purpose === undefined) throw new AiGatewayError('ai-purpose-unknown');
  if (!purpose.roles.includes(caller.role)) throw new AiGatewayError('ai-purpose-not-allowed');
  return purpose;
}
