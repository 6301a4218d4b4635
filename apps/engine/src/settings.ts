import { createPublicKey, type KeyObject } from 'node:crypto';
import type { KeyManagement } from '@cordon/field-encryption';
import {
  certificateFile,
  databaseSettings,
  listenerTlsSettings,
  port,
  readAtRestSettings,
  readSettings,
  secretBytes,
  secretFile,
  toListenerTls,
  type AtRestOptions,
  type DatabaseSettings,
  type Environment,
  type ListenerTls,
} from '@cordon/service';
import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { issuerSettings, toIssuer, type TokenIssuer } from './caller/token-issuer.ts';
import { readAiSettings, type ProviderSettings } from './features/ai-gateway/index.ts';
import { readOcrSettings, type OcrSettings } from './features/intake/index.ts';
import { readKeyManagement } from './keys/key-management-settings.ts';
import { readNotifierSettings, type NotifierSettings } from './notifier/index.ts';
import { readObjectSettings, type ObjectSettings } from './objects/index.ts';
import { enginePools, type EnginePool, type SealedStore } from './stores/stores.ts';

/** The public keys by which web signs visitors' tokens (RFC 7517, section 5). */
const visitorKeys = certificateFile.transform((text, context): JSONWebKeySet => {
  try {
    const key = z
      .looseObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string(), y: z.string(), d: z.never().optional() })
      .transform(({ kty, crv, x, y }) => ({ kty, crv, x, y, alg: 'ES256' }));
    return z.object({ keys: z.array(key).min(1).max(10) }).parse(JSON.parse(text));
  } catch {
    context.addIssue({ code: 'custom', message: 'is no set of public P-256 keys' });
    return z.NEVER;
  }
}); // prettier-ignore

/** The public half of the key that signs verdicts and reports of the gate: Ed25519, PEM. */
const gateKey = certificateFile.transform((text, context): KeyObject => {
  try {
    const key = createPublicKey(text);
    // Of a private key the public half could be read, but the engine is not to hold it.
    if (key.asymmetricKeyType === 'ed25519' && !text.includes('PRIVATE')) return key;
  } catch {
    // Said below.
  }
  context.addIssue({ code: 'custom', message: 'is no public Ed25519 key' });
  return z.NEVER;
});

const regions = z
  .string()
  .min(1)
  .transform((text) => text.split(',').map((region) => region.trim()));

const schema = z.object({
  CORDON_ENV: z.enum(['demo', 'production']),
  CORDON_HOST: z.string().default('127.0.0.1'),
  CORDON_PORT: port,
  CORDON_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  /** Addresses of session servers and proxies, separated by commas: only they may speak for a client's address. */
  CORDON_TRUSTED_PROXIES: z.string().min(1).optional(),
  ...issuerSettings,
  CORDON_CONFIG_DIR: z.string().min(1),
  /** The published audit log, to read; without it no proof of an entry can be downloaded. */
  CORDON_LOG_DIR: z.string().min(1).optional(),
  CORDON_REGION_CLINICAL: regions.optional(),
  CORDON_REGION_VAULT: regions.optional(),
  CORDON_REGION_AUDIT: regions.optional(),
  CORDON_REGION_MARKETING: regions.optional(),
  CORDON_VISITOR_KEYS_FILE: visitorKeys.optional(),
  CORDON_GATE_PUBLIC_KEY_FILE: gateKey.optional(),
  CORDON_VISITOR_ISSUER: z.string().min(1).default('urn:cordon:web'),
  CORDON_SEAL_KEY_CLINICAL_FILE: secretBytes(32),
  CORDON_SEAL_KEY_VAULT_FILE: secretBytes(32),
  CORDON_SEAL_KEY_AUDIT_FILE: secretBytes(32),
  CORDON_SEAL_KEY_MARKETING_FILE: secretBytes(32),
  ...listenerTlsSettings,
  CORDON_INTERNAL_PORT: port,
  CORDON_INTERNAL_CERT_FILE: certificateFile,
  CORDON_INTERNAL_KEY_FILE: secretFile,
  CORDON_INTERNAL_CA_FILE: certificateFile,
});

export interface EngineSettings {
  readonly environment: 'demo' | 'production';
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
  readonly trustedProxies: string[] | undefined;
  readonly issuer: TokenIssuer;
  readonly configFolder: string;
  readonly logFolder: string | undefined;
  /** Where the stores are, for those that are elsewhere than their definition says. */
  readonly regions: Readonly<Record<SealedStore, readonly string[] | undefined>>;
  readonly atRest: AtRestOptions;
  /** Who may send visitors; without keys, nobody. */
  readonly visitors: { readonly issuer: string; readonly keys: JSONWebKeySet | undefined };
  /** By which reports of the gate are known; without it none is taken. */
  readonly gateKey: KeyObject | undefined;
  readonly objects: ObjectSettings;
  readonly notifier: NotifierSettings;
  readonly ocr: OcrSettings;
  readonly aiProviders: ProviderSettings;
  readonly keyManagement: KeyManagement;
  readonly sealKeys: Readonly<Record<SealedStore, Buffer>>;
  /** Where the public listener itself serves TLS. */
  readonly tls: ListenerTls | undefined;
  readonly internal: {
    readonly port: number;
    readonly cert: string;
    readonly key: string;
    readonly ca: string;
  };
  readonly databases: Readonly<Record<EnginePool, DatabaseSettings>>;
}

/** @throws ServiceError `settings-invalid`, naming everything that is missing or wrong. */
export function readEngineSettings(environment: Environment = process.env): EngineSettings {
  const read = readSettings(schema, environment);
  const tls = toListenerTls(read);
  const names = Object.keys(enginePools) as EnginePool[];
  const databases = Object.fromEntries(names.map((name) => [name, databaseSettings(name, environment)]));
  return {
    environment: read.CORDON_ENV,
    host: read.CORDON_HOST,
    port: read.CORDON_PORT,
    logLevel: read.CORDON_LOG_LEVEL,
    trustedProxies: read.CORDON_TRUSTED_PROXIES?.split(',').map((address) => address.trim()),
    issuer: toIssuer(read),
    configFolder: read.CORDON_CONFIG_DIR,
    logFolder: read.CORDON_LOG_DIR,
    regions: {
      clinical: read.CORDON_REGION_CLINICAL,
      vault: read.CORDON_REGION_VAULT,
      audit: read.CORDON_REGION_AUDIT,
      marketing: read.CORDON_REGION_MARKETING,
    },
    atRest: readAtRestSettings(environment),
    visitors: { issuer: read.CORDON_VISITOR_ISSUER, keys: read.CORDON_VISITOR_KEYS_FILE },
    gateKey: read.CORDON_GATE_PUBLIC_KEY_FILE,
    objects: readObjectSettings(environment),
    notifier: readNotifierSettings(environment),
    ocr: readOcrSettings(environment),
    aiProviders: readAiSettings(environment),
    keyManagement: readKeyManagement(environment),
    sealKeys: {
      clinical: read.CORDON_SEAL_KEY_CLINICAL_FILE,
      vault: read.CORDON_SEAL_KEY_VAULT_FILE,
      audit: read.CORDON_SEAL_KEY_AUDIT_FILE,
      marketing: read.CORDON_SEAL_KEY_MARKETING_FILE,
    },
    tls,
    internal: {
      port: read.CORDON_INTERNAL_PORT,
      cert: read.CORDON_INTERNAL_CERT_FILE,
      key: read.CORDON_INTERNAL_KEY_FILE,
      ca: read.CORDON_INTERNAL_CA_FILE,
    },
    databases: databases as Record<EnginePool, DatabaseSettings>,
  };
}
