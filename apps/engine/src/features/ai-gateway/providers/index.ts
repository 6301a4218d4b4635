import type { AiProvider } from '@cordon/access-policy';
import { embedded } from './embedded.ts';
import type { ModelProvider } from './provider.ts';

export { OFFLINE_MARK } from './embedded.ts';
export type { EndReason, ModelEvent, ModelProvider, ModelRequest, ModelUsage } from './provider.ts';

/** Whose rules the configured provider speaks. @throws {AiGatewayError} `ai-provider-unavailable` */
export type FindProvider = (provider: AiProvider) => ModelProvider;

export const isOffline = (provider: AiProvider): boolean => provider.kind === 'embedded';

export function openProviders(): FindProvider {
  return () => embedded;
}
