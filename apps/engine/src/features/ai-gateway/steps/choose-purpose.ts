import type { AiPurpose } from '@cordon/access-policy';
import { AiGatewayError } from '@cordon/ai-gateway';
import type { RequestCaller } from '../../../caller/caller.ts';
import type { AskedCall } from '../call.ts';
import type { GatewayConfig } from '../read-config.ts';

/** @throws {AiGatewayError} `ai-request-invalid`, `ai-purpose-unknown`, `ai-purpose-not-allowed` */
export function choosePurpose(
  { gateway }: GatewayConfig,
  caller: RequestCaller,
  { purposeId, request, unclear }: AskedCall,
): AiPurpose {
  const purpose = gateway.purposes.get(purposeId);
  // What is no object can name no purpose, and that is what is wrong with it.
  if (purpose === undefined && purposeId === '' && !isObject(request))
    throw new AiGatewayError('ai-request-invalid', 'the body');
  if (purpose === undefined) throw new AiGatewayError('ai-purpose-unknown');
  if (!purpose.roles.includes(caller.role)) throw new AiGatewayError('ai-purpose-not-allowed');
  if (unclear !== undefined) throw new AiGatewayError('ai-request-invalid', unclear);
  return purpose;
}

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
