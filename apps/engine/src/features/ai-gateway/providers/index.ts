import type { AiProvider } from '@cordon/access-policy';
import { createAnthropicProvider } from './anthropic.ts';
import { openCredentials, requireSignedAgreement, type ProviderSettings } from './credentials.ts';
import { embedded } from './embedded.ts';
import { createOpenAiProvider } from './openai.ts';
import type { ModelProvider } from './provider.ts';

export { createCircuit, type Circuit } from './circuit.ts';
export type { ProviderSettings } from './credentials.ts';
export { limitsOf } from './limits.ts';
export type { EndReason, ModelEvent, ModelProvider, ModelUsage } from './provider.ts';

/** Whose protocol the configured provider speaks, once it may be used. @throws {AiGatewayError} `ai-provider-unavailable` */
export type FindProvider = (provider: AiProvider) => ModelProvider;

export const isOffline = (provider: AiProvider): boolean => provider.kind === 'embedded';

/** A protocol is a file, and a line here. */
export function openProviders(settings: ProviderSettings): FindProvider {
  const credentials = openCredentials(settings);
  const openai = createOpenAiProvider(credentials);
  const protocols: Readonly<Record<NonNullable<AiProvider['api']>, ModelProvider>> = {
    openai,
    azure: openai,
    anthropic: createAnthropicProvider(credentials),
  };
  return (provider) => {
    if (provider.kind === 'embedded') return embedded;
    requireSignedAgreement(settings, provider);
    return protocols[provider.api ?? 'openai'];
  };
}
