import { createLocalKeyManagement } from '@cordon/field-encryption';
import {
  createServer,
  listenAt,
  registerHealth,
  toClientConfig,
  type Closable,
  type Logger,
} from '@cordon/service';
import { requestGuardPlugin, securityHeadersPlugin } from '@cordon/web-guard';
import { createAccounts } from './accounts/accounts.ts';
import { createServiceClients } from './administration/service-clients.ts';
import { createAttempts } from './attempts/attempts.ts';
import { createKnownDevices } from './attempts/known-devices.ts';
import { createTenantLane } from './attempts/tenant-lane.ts';
import { createAtRestFact } from './at-rest.ts';
import { createAudit, type Audit } from './audit.ts';
import { createEngineGrants } from './engine/sign-in-grants.ts';
import { createPasskeys } from './factors/passkeys.ts';
import { createRecoveryCodes } from './factors/recovery-codes.ts';
import { createTotpFactors } from './factors/totp.ts';
import { deriveKeys } from './keys.ts';
import { pageRoutes, registerPages } from './page.ts';
import { clientOrigins } from './provider/clients.ts';
import { createTokenFamilies } from './provider/families.ts';
import { openPool } from './open-pool.ts';
import { mountProvider, providerRoutes } from './provider/mount.ts';
import { createProviderHost } from './provider/provider-host.ts';
import { createSigningKeys } from './provider/signing-keys.ts';
import { createFolderMailer, createNoMailer } from './recovery/mailer.ts';
import { createRecoveries } from './recovery/recoveries.ts';
import { registerRecovery } from './recovery/routes.ts';
import type { IdentitySettings } from './settings.ts';
import { createCompleteSignIn } from './sign-in/complete-sign-in.ts';
import { createProgressStore } from './sign-in/progress.ts';
import { registerSignIn } from './sign-in/routes.ts';
import { startSweeping } from './sweep.ts';

export interface IdentityOptions {
  readonly logger: Logger;
  /** Instead of the audit store; for tests. */
  readonly audit?: Audit;
  /** Where the pages were built, with a slash at its end; by default beside the sources. */
  readonly pagesFolder?: string;
  /** How long the engine may take to answer, in milliseconds; default 3000. */
  readonly enginePatienceMs?: number;
}

export interface RunningIdentity extends Closable {
  readonly port: number;
}

export const rootKeyId = 'identity-root-1';
const poolSize = 12;
const probes = ['/health/live', '/health/ready'];

/** Starts the OpenID provider: stores, keys, protocol, sign-in, pages. Closes what it opened when it cannot start. */
export async function startIdentity(
  settings: IdentitySettings,
  options: IdentityOptions,
): Promise<RunningIdentity> {
  const { logger } = options;
  const closers: (() => unknown)[] = [];
  const close = async () => {
    for (const closer of closers.toReversed()) await closer();
  };
  try {
    const open = (database: IdentitySettings['identityDatabase'], max: number, shared: number) => {
      const config = toClientConfig(database, 'cordon-identity');
      const opened = openPool({ config, max, shared, store: database.loginRole, logger });
      closers.push(() => opened.end());
      return opened;
    };
    const pool = open(settings.identityDatabase, poolSize, 4);
    const audit = options.audit ?? createAudit(open(settings.auditDatabase, 2, 2));
    const engine = createEngineGrants(settings.engine, options.enginePatienceMs);
    closers.push(() => {
      engine.close();
    });

    const keyManagement = createLocalKeyManagement({ rootKey: settings.identityKey, rootKeyId });
    const keys = deriveKeys(settings.identityKey);
    const accounts = createAccounts(pool, keyManagement, keys);
    const families = createTokenFamilies(pool);
    const services = createServiceClients(pool);
    const host = await createProviderHost({
      pool,
      logger,
      audit,
      signingKeys: createSigningKeys(pool, keyManagement),
      deps: { ...settings, accounts, engine, families, services },
    });
    closers.push(host.stop);
    closers.push(startSweeping(pool, logger));

    const server = createServer({
      logger,
      trustProxy: settings.trustedProxies,
      ...(settings.tls ? { http: { https: { ...settings.tls, minVersion: 'TLSv1.2' } } } : {}),
    });
    await server.register(securityHeadersPlugin, {
      profile: 'sign-in',
      additions: { formsTo: clientOrigins(settings.clients) },
      permissions: ['publickey-credentials-create', 'publickey-credentials-get'],
    });
    await server.register(requestGuardPlugin, {
      publicOrigin: new URL(settings.issuer).origin,
      pages: [...providerRoutes.pages, ...pageRoutes, ...probes],
      forms: providerRoutes.forms,
      machines: providerRoutes.machines,
      anyHost: probes,
    });
    registerHealth(
      server,
      [
        { name: 'identity-store', run: () => pool.query('SELECT 1') },
        { name: 'audit-store', run: () => audit.check() },
      ],
      [createAtRestFact(pool, settings)],
    );
    await mountProvider(server, settings.issuer, (request, response) => host.handle(request, response));
    const shared = {
      issuer: settings.issuer,
      homes: settings.homes,
      accounts,
      attempts: createAttempts(pool, keys),
      totp: createTotpFactors(pool, accounts),
      passkeys: createPasskeys(pool, settings.issuer),
      recoveries: createRecoveries(pool),
      mailer:
        settings.mailFolder === undefined ? createNoMailer(logger) : createFolderMailer(settings.mailFolder),
      revocations: host.revocations,
      services,
      clients: settings.clients,
      engine,
      audit,
      logger,
    };
    closers.push(registerRecovery(server, shared).settled);
    await registerSignIn(server, {
      ...shared,
      currentProvider: host.current,
      devices: createKnownDevices(pool),
      tenantOf: createTenantLane(families, keys),
      recovery: createRecoveryCodes(pool),
      progress: createProgressStore(pool),
      complete: createCompleteSignIn(pool),
      families,
    });
    await registerPages(server, options.pagesFolder);
    closers.push(() => server.close());
    const port = await listenAt(server, settings);
    logger.info('listening', { port });
    return { port, close };
  } catch (error) {
    await close();
    throw error;
  }
}
