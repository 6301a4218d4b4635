import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { renderConnectionEnvironment } from '@cordon/stores';
import { CliError } from '../error.ts';
import { publicKeyFileOf } from '../gate/verdict-key.ts';
import type { AppCertificates } from './app-certificates.ts';
import type { Layout, Ports } from './layout.ts';
import type { Origins } from './origins.ts';
import type { SecretFiles } from './secrets.ts';
import type { RunningStores } from './stores.ts';

export type AppName = 'engine' | 'identity' | 'console' | 'portal' | 'sequencer' | 'web';

/** A process to start, with all that it is told. */
export interface AppProcess {
  readonly name: AppName;
  readonly entry: string;
  /** Absent for a process that listens to nobody: it says over its channel that it is ready. */
  readonly port?: number;
  readonly environment: Readonly<Record<string, string>>;
}

export interface AppContext {
  readonly layout: Layout;
  readonly origins: Origins;
  readonly files: SecretFiles;
  readonly certificates: AppCertificates;
  readonly stores: RunningStores;
  readonly logLevel: string;
  /** Whose public site is shown; known once there is a tenant. */
  readonly site?: { readonly tenantId: string; readonly clinicId: string } | undefined;
}

/**
 * Who holds what. A login role stands in one row only: a process that is taken over reaches its own stores and
 * nobody else's.
 */
const loginRoles: Readonly<Record<AppName, readonly string[]>> = {
  engine: [
    'engine_clinical',
    'engine_jobs',
    'engine_directory',
    'engine_vault',
    'engine_audit',
    'audit_reader',
    'engine_marketing',
  ],
  identity: ['identity_app', 'identity_audit'],
  console: ['console_sessions'],
  portal: ['portal_sessions'],
  sequencer: ['sequencer'],
  // What visitors leave goes through the engine.
  web: [],
};

/** Started side by side: each says that it is ready only once what it asks has answered. */
export const apps: readonly AppName[] = ['engine', 'identity', 'console', 'portal', 'sequencer', 'web'];

export function describeApp(name: AppName, context: AppContext): AppProcess {
  const { layout, origins, certificates, stores } = context;
  const port = name === 'sequencer' ? undefined : layout.ports[name satisfies keyof Ports];
  return {
    name,
    entry: findEntry(layout.root, name),
    ...(port !== undefined && { port }),
    environment: {
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      NODE_ENV: 'production',
      // Compiled once, not at every start; a folder each, since what lies there is run.
      // Not the machine's: what an app or a library puts there stays within the installation.
      TMPDIR: layout.temporary,
      NODE_COMPILE_CACHE: join(layout.state, 'compiled', name),
      CORDON_APP: name,
      CORDON_ENV: 'demo',
      ...(port !== undefined && { CORDON_HOST: '127.0.0.1', CORDON_PORT: String(port) }),
      CORDON_LOG_LEVEL: context.logLevel,
      CORDON_ISSUER_URL: origins.identity,
      ...(certificates.web && {
        CORDON_TLS_CERT_FILE: certificates.web.certificateFile,
        CORDON_TLS_KEY_FILE: certificates.web.keyFile,
        NODE_EXTRA_CA_CERTS: certificates.web.authorityFile,
      }),
      ...loginRoles[name].reduce((all, role) => ({ ...all, ...connectionOf(stores, role) }), {}),
      ...own[name](context),
    },
  };
}

const own: Readonly<Record<AppName, (context: AppContext) => Record<string, string>>> = {
  engine: ({ layout, origins, files, certificates, stores }) => ({
    CORDON_AUDIENCE: 'urn:cordon:engine',
    // Console, portal and site, which say whose request they pass on.
    CORDON_TRUSTED_PROXIES: '127.0.0.1',
    ...Object.fromEntries(
      [...stores.sealKeyFiles].map(([store, file]) => [`CORDON_SEAL_KEY_${store.toUpperCase()}_FILE`, file]),
    ),
    CORDON_ROOT_KEY_FILE: files.rootKey,
    CORDON_OBJECTS_DIR: layout.objects,
    ...(stores.dataFolder !== undefined && { CORDON_DATABASE_DIR: stores.dataFolder }),
    CORDON_VISITOR_KEYS_FILE: files.visitorKeys,
    CORDON_GATE_PUBLIC_KEY_FILE: publicKeyFileOf(layout),
    // Stands in notices of alerts.
    CORDON_CONSOLE_URL: origins.console,
    // To read tiles for the proofs that patients download; it writes none.
    CORDON_LOG_DIR: layout.log,
    CORDON_CONFIG_DIR: layout.config,
    ...passOn(
      'CORDON_AI_KEYS_DIR',
      'CORDON_AI_CA_FILE',
      'CORDON_AI_TIMEOUT_SECONDS',
      'CORDON_AGREEMENTS_FILE',
    ),
    CORDON_INTERNAL_PORT: String(layout.ports.engineInternal),
    CORDON_INTERNAL_CERT_FILE: certificates.engineInternal.certificateFile,
    CORDON_INTERNAL_KEY_FILE: certificates.engineInternal.keyFile,
    CORDON_INTERNAL_CA_FILE: certificates.engineInternal.authorityFile,
  }),
  identity: ({ origins, files, certificates, stores }) => ({
    ...(stores.dataFolder !== undefined && { CORDON_DATABASE_DIR: stores.dataFolder }),
    CORDON_ENGINE_INTERNAL_URL: origins.engineInternal,
    CORDON_ENGINE_CLIENT_CERT_FILE: certificates.identityClient.certificateFile,
    CORDON_ENGINE_CLIENT_KEY_FILE: certificates.identityClient.keyFile,
    CORDON_ENGINE_CLIENT_CA_FILE: certificates.identityClient.authorityFile,
    CORDON_IDENTITY_KEY_FILE: files.identityKey,
    CORDON_COOKIE_KEY_FILE: files.cookieKey,
    CORDON_CLIENTS_FILE: files.clients,
    CORDON_CONSOLE_URL: origins.console,
    CORDON_PORTAL_URL: origins.portal,
    ...passOn('CORDON_MAIL_FOLDER'),
  }),
  console: (context) => describePage('console', context),
  portal: (context) => describePage('portal', context),
  sequencer: ({ layout, files }) => ({
    CORDON_LOG_SIGNING_KEY_FILE: files.logSigningKey,
    CORDON_LOG_DIR: layout.log,
    ...passOn('CORDON_LOG_COPY_DIRS', 'CORDON_LOG_BUCKETS_FILE', 'CORDON_LOG_WITNESSES_FILE'),
  }),
  web: describeWeb,
};

function describeWeb({ origins, files, site }: AppContext): Record<string, string> {
  if (site === undefined)
    throw new CliError('seed-failed', 'The public site needs a tenant, and there is none.');
  return {
    CORDON_ENGINE_URL: origins.engine,
    CORDON_PUBLIC_URL: origins.web,
    CORDON_VISITOR_KEY_FILE: files.visitorKey,
    CORDON_SITE_TENANT_ID: site.tenantId,
    CORDON_SITE_CLINIC_ID: site.clinicId,
    // Of a made-up clinic in Leeds: Ofcom keeps these numbers for drama.
    CORDON_SITE_PHONE: process.env['CORDON_SITE_PHONE'] ?? '0113 496 0123',
  };
}

/** What the operator of this checkout has set. */
function passOn(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function describePage(app: 'console' | 'portal', { origins, files }: AppContext): Record<string, string> {
  return {
    CORDON_ENGINE_URL: origins.engine,
    CORDON_PUBLIC_URL: origins[app],
    CORDON_CLIENT_ID: app,
    CORDON_CLIENT_SECRET_FILE: files.clientSecret[app],
    CORDON_SESSION_KEY_FILE: files.sessionKey[app],
  };
}

function connectionOf(stores: RunningStores, role: string): Record<string, string> {
  const login = stores.logins.get(role);
  return login ? renderConnectionEnvironment(login) : {};
}

function findEntry(root: string, app: AppName): string {
  for (const file of ['main.ts', 'src/main.ts']) {
    const entry = join(root, 'apps', app, file);
    if (existsSync(entry)) return entry;
  }
  throw new CliError('app-missing', `There is no main.ts in apps/${app}: restore the checkout.`);
}
