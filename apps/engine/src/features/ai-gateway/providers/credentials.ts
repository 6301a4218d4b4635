import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AiProvider } from '@cordon/access-policy';
import { AiGatewayError } from '@cordon/ai-gateway';
import { findAgreementFault } from '../../../agreements/index.ts';
import { shippedLimits, type Limits } from './limits.ts';
import { openWire, type Wire, type WireSettings } from './wire.ts';

/** Where the engine finds what its providers ask for. */
export interface ProviderSettings extends WireSettings {
  readonly production: boolean;
  /** A folder with a file for each key, by the provider's `credentialReference`. */
  readonly keysFolder: string | undefined;
  /** The register of vendors' agreements. */
  readonly agreements: string;
  /** How long to wait; the shipped limits where absent. */
  readonly limits?: Limits;
}

export interface ProviderCredentials {
  /** Read at each call: a key that was replaced counts from then on. @throws {AiGatewayError} `ai-provider-unavailable` */
  readonly keyOf: (provider: AiProvider) => Promise<string | undefined>;
  readonly wire: Wire;
  readonly limits: Limits;
}

const referenceForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const keyForm = /^[\x21-\x7e]{8,500}$/;

export function openCredentials(settings: ProviderSettings): ProviderCredentials {
  const { keysFolder, limits } = settings;
  return {
    wire: openWire(settings),
    limits: limits ?? shippedLimits,
    async keyOf({ credentialReference }) {
      if (credentialReference === undefined) return undefined;
      const refuse = (detail: string, cause?: unknown) =>
        new AiGatewayError('ai-provider-unavailable', detail, { cause });
      if (keysFolder === undefined || !referenceForm.test(credentialReference))
        throw refuse('the key of the provider has no place');
      const path = join(keysFolder, credentialReference);
      try {
        if (((await stat(path)).mode & 0o007) !== 0) throw refuse('the key is readable by everybody');
        const key = (await readFile(path, 'utf8')).replace(/\n$/, '');
        if (!keyForm.test(key)) throw refuse('the key has another form');
        return key;
      } catch (cause) {
        throw cause instanceof AiGatewayError ? cause : refuse('the key cannot be read', cause);
      }
    },
  };
}

/**
 * In production a provider outside the house needs the vendor's agreement, signed and in force; asked at each call.
 * @throws {AiGatewayError} `ai-provider-unavailable`
 */
export function requireSignedAgreement(settings: ProviderSettings, provider: AiProvider): void {
  if (!settings.production || provider.kind !== 'remote') return;
  const vendor = provider.processingAgreementReference;
  if (vendor === undefined) throw new AiGatewayError('ai-provider-unavailable', 'no agreement is named');
  const fault = findAgreementFault(settings.agreements, { vendor });
  if (fault !== undefined) throw new AiGatewayError('ai-provider-unavailable', fault);
}
