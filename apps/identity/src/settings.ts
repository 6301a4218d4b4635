import {
  certificateFile,
  databaseSettings,
  listenerTlsSettings,
  port,
  readAtRestSettings,
  readSettings,
  secretBytes,
  secretFile,
  secureUrl,
  toListenerTls,
  url,
  type AtRestOptions,
  type DatabaseSettings,
  type Environment,
  type ListenerTls,
} from '@cordon/service';
import { z } from 'zod';

/** A code such as "lab-results", not a free name: it is written into the audit log. */
export const clientIdForm = /^[a-z0-9][a-z0-9-]{2,62}$/;

const interactiveClient = z.strictObject({
  client_id: z.string().regex(clientIdForm).max(60),
  /** False: not of this installation. Its people are asked at each sign-in whether it may act for them. */
  first_party: z.boolean().optional(),
  client_secret: z.string().min(32).optional(),
  client_name: z.string().max(80).optional(),
  redirect_uris: z.array(secureUrl).min(1),
  post_logout_redirect_uris: z.array(secureUrl).default([]),
  backchannel_logout_uri: secureUrl.optional(),
  application_type: z.enum(['web', 'native']),
  token_endpoint_auth_method: z.enum(['client_secret_basic', 'none']),
});

/** Roles that an integration may act in; those that administer or audit belong to people with a factor. */
export const serviceRoles = ['role.clinician', 'role.receptionist', 'role.externalContractor'] as const;

/** An integration's public key (P-256); the private one stays with it. */
export const publicKey = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string().length(43),
  y: z.string().length(43),
  kid: z.string().min(1).max(64),
});
export const clinicScope = z.string().regex(/^clinic\/[0-9a-f-]{36}\.(read|write)$/);

const serviceClient = z.strictObject({
  client_id: z.string().min(1).max(64),
  client_name: z.string().max(80).optional(),
  token_endpoint_auth_method: z.literal('private_key_jwt'),
  jwks: z.strictObject({
    keys: z.array(publicKey).min(1).max(4),
  }),
  service: z.strictObject({
    /** The account that it acts as: its memberships are the engine's, and suspending it ends its tokens. */
    account_id: z.uuid(),
    tenant_id: z.uuid(),
    role: z.enum(serviceRoles),
    /** The most that it gets, `clinic/<id>.read` or `.write`; the engine's answer narrows it further. */
    scopes: z.array(clinicScope).min(1),
  }),
});

const client = z.discriminatedUnion('token_endpoint_auth_method', [interactiveClient, serviceClient]);

const clientsFile = secretFile.transform((text, context) => {
  try {
    return z.array(client).min(1).parse(JSON.parse(text));
  } catch {
    context.addIssue({ code: 'custom', message: 'is not a list of clients of the documented form' });
    return z.NEVER;
  }
});

const schema = z
  .object({
    CORDON_PORT: port,
    CORDON_HOST: z.string().min(1).default('127.0.0.1'),
    CORDON_ISSUER_URL: url,
    CORDON_ENGINE_INTERNAL_URL: z.url({ protocol: /^https$/, error: 'must be https' }),
    CORDON_ENGINE_CLIENT_CERT_FILE: certificateFile,
    CORDON_ENGINE_CLIENT_KEY_FILE: secretFile,
    CORDON_ENGINE_CLIENT_CA_FILE: certificateFile,
    CORDON_IDENTITY_KEY_FILE: secretBytes(32),
    CORDON_COOKIE_KEY_FILE: secretFile.pipe(z.string().min(32)),
    CORDON_CLIENTS_FILE: clientsFile,
    CORDON_CONSOLE_URL: url,
    CORDON_PORTAL_URL: url,
    /** Addresses of the proxies in front, separated by commas: only they may speak for a client's address. */
    CORDON_TRUSTED_PROXIES: z.string().min(1).optional(),
    /** Where letters are put for whoever delivers them; without it none are written. */
    CORDON_MAIL_FOLDER: z.string().min(1).optional(),
    ...listenerTlsSettings,
  })
  .refine(({ CORDON_ISSUER_URL: issuer }) => new URL(issuer).pathname === '/', {
    path: ['CORDON_ISSUER_URL'],
    message: 'must be an origin without a path',
  });

/** A relying party, as in the clients file (OpenID Connect Dynamic Client Registration 1.0, section 2, names). */
export type ClientSettings = z.output<typeof client>;
export type InteractiveClient = z.output<typeof interactiveClient>;
export type ServiceClient = z.output<typeof serviceClient>;

export interface EngineSettings {
  readonly url: string;
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

export interface IdentitySettings {
  readonly host: string;
  readonly port: number;
  readonly issuer: string;
  readonly engine: EngineSettings;
  /** 32 bytes: wraps data keys; other keys are derived from it. */
  readonly identityKey: Buffer;
  readonly cookieKey: string;
  readonly clients: readonly ClientSettings[];
  /** Where a person goes from a page that leads nowhere else. */
  readonly homes: { readonly console: string; readonly portal: string };
  readonly trustedProxies: string[] | undefined;
  readonly mailFolder: string | undefined;
  /** Where the process itself serves TLS. */
  readonly tls: ListenerTls | undefined;
  readonly identityDatabase: DatabaseSettings;
  readonly auditDatabase: DatabaseSettings;
  readonly atRest: AtRestOptions;
}

/** @throws ServiceError `settings-invalid` */
export function readIdentitySettings(environment: Environment = process.env): IdentitySettings {
  const values = readSettings(schema, environment);
  return {
    host: values.CORDON_HOST,
    port: values.CORDON_PORT,
    issuer: values.CORDON_ISSUER_URL,
    engine: {
      url: values.CORDON_ENGINE_INTERNAL_URL,
      cert: values.CORDON_ENGINE_CLIENT_CERT_FILE,
      key: values.CORDON_ENGINE_CLIENT_KEY_FILE,
      ca: values.CORDON_ENGINE_CLIENT_CA_FILE,
    },
    identityKey: values.CORDON_IDENTITY_KEY_FILE,
    cookieKey: values.CORDON_COOKIE_KEY_FILE,
    clients: values.CORDON_CLIENTS_FILE,
    homes: { console: values.CORDON_CONSOLE_URL, portal: values.CORDON_PORTAL_URL },
    trustedProxies: values.CORDON_TRUSTED_PROXIES?.split(',').map((address) => address.trim()),
    mailFolder: values.CORDON_MAIL_FOLDER,
    tls: toListenerTls(values),
    identityDatabase: databaseSettings('identity_app', environment),
    auditDatabase: databaseSettings('identity_audit', environment),
    atRest: readAtRestSettings(environment),
  };
}
