import {
  databaseSettings,
  listenerTlsSettings,
  port,
  providerSettings,
  readSettings,
  secretBytes,
  secretFile,
  toListenerTls,
  toProviderOptions,
  url,
  type DatabaseSettings,
  type Environment,
  type ListenerTls,
} from '@cordon/service';
import { z } from 'zod';
import { isLoopbackHost } from '../loopback.ts';
import type { ProviderOptions } from '../server/provider.ts';
import type { SessionLimits } from '../session/session-limits.ts';

/** A deployment may end sessions earlier than the product does, never later. */
const shorterThan = (seconds: number) => z.coerce.number().int().min(60).max(seconds).default(seconds);

const schemaFor = (limits: SessionLimits) =>
  z
    .object({
      CORDON_PORT: port,
      CORDON_HOST: z.string().min(1).default('127.0.0.1'),
      CORDON_PUBLIC_URL: url,
      ...providerSettings,
      CORDON_ENGINE_URL: url,
      CORDON_CLIENT_SECRET_FILE: secretFile.pipe(z.string().min(32)),
      CORDON_SESSION_KEY_FILE: secretBytes(32),
      CORDON_SESSION_IDLE_SECONDS: shorterThan(limits.idleSeconds),
      CORDON_SESSION_ABSOLUTE_SECONDS: shorterThan(limits.absoluteSeconds),
      /** Addresses of the proxies in front, separated by commas: only they may speak for a client's address. */
      CORDON_TRUSTED_PROXIES: z.string().min(1).optional(),
      ...listenerTlsSettings,
    })
    .refine(
      ({ CORDON_HOST: host, CORDON_PUBLIC_URL: address }) =>
        isLoopbackHost(host) || address.startsWith('https:'),
      { path: ['CORDON_HOST'], message: 'must be loopback unless CORDON_PUBLIC_URL is https' },
    );

export interface SessionAppSettings {
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string;
  /** Any OpenID provider, and what it calls things. */
  readonly provider: Omit<ProviderOptions, 'clientSecret'>;
  readonly engineUrl: string;
  readonly clientSecret: string;
  readonly sessionKey: Buffer;
  readonly limits: SessionLimits;
  readonly trustedProxies: string[] | undefined;
  readonly tls: ListenerTls | undefined;
  readonly database: DatabaseSettings;
}

/**
 * Reads the settings of an app whose sessions live in the schema, and under the login role, `sessionsRole`.
 * @throws ServiceError `settings-invalid`
 */
export function readSessionAppSettings(
  app: { readonly sessionsRole: string; readonly limits: SessionLimits },
  environment: Environment = process.env,
): SessionAppSettings {
  const values = readSettings(schemaFor(app.limits), environment);
  return {
    host: values.CORDON_HOST,
    port: values.CORDON_PORT,
    publicUrl: values.CORDON_PUBLIC_URL,
    provider: toProviderOptions(values),
    engineUrl: values.CORDON_ENGINE_URL,
    clientSecret: values.CORDON_CLIENT_SECRET_FILE,
    sessionKey: values.CORDON_SESSION_KEY_FILE,
    limits: {
      idleSeconds: values.CORDON_SESSION_IDLE_SECONDS,
      absoluteSeconds: values.CORDON_SESSION_ABSOLUTE_SECONDS,
    },
    trustedProxies: values.CORDON_TRUSTED_PROXIES?.split(',').map((address) => address.trim()),
    tls: toListenerTls(values),
    database: databaseSettings(app.sessionsRole, environment),
  };
}
