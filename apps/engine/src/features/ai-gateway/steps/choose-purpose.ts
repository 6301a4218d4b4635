import type { AiPurpose } from '@cordon/access-policy';
import { AiGatewayError } from '@cordon/ai-gateway';
import type { RequestCaller } from '../../../caller/caller.ts';
import type { AskedCall } from '../call.ts';
import type { GatewayConfig } from '../read-config.ts';

/** @throws {AiGatewayError} `ai-purpose-unknown`, `ai-purpose-not-allowed` */
export function choosePurpose(
  { gateway }: GatewayConfig,
  caller: RequestCaller,
  { purposeId }: AskedCall,
): AiPurpose {
  const purpose = gateway.purposes.get(purposeId);
  if (purpose === undefined) throw new AiGatewayError('ai-purpose-unknown');
  if (!purpose.roles.includes(caller.role)) throw new AiGatewayError('ai-purpose-not-allowed');
  return purpose;
}
