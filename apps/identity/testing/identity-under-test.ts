import { argon2Sync, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalKeyManagement } from '@cordon/field-encryption';
import { createLogger, databaseSettings, type ListenerTls } from '@cordon/service';
import { Secret, TOTP } from 'otpauth';
import { Pool } from 'pg';
import type { StoreClones } from '@cordon/stores/testing';
import { findFreeBasePort } from '../../../testing/end-to-end/find-ports.ts';
import { createAccounts, type Accounts } from '../src/accounts/accounts.ts';
import type { SignInGrant } from '../src/engine/sign-in-grants.ts';
import { createTotpFactors, type TotpFactors } from '../src/factors/totp.ts';
import { deriveKeys } from '../src/keys.ts';
import type { Mail } from '../src/recovery/mailer.ts';
import type { ClientSettings, EngineSettings, IdentitySettings } from '../src/settings.ts';
import { rootKeyId, startIdentity } from '../src/start.ts';
import { startFakeEngine, type FakeEngine } from './fake-engine.ts';
import { startLogoutListener, type LogoutListener } from './logout-listener.ts';

export const password = 'correct horse battery staple';

/** Far cheaper than the real parameters, which the stored form carries; so hundreds of sign-ins stay affordable. */
const cheapHash = (() => {
  const nonce = Buffer.alloc(16, 7);
  const tag = argon2Sync('argon2id', {
    message: password,
    nonce,
    memory: 64,
    passes: 1,
    parallelism: 1,
    tagLength: 32,
  });
  const text = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
  return `$argon2id$v=19$m=64,t=1,p=1$${text(nonce)}$${text(tag)}`;
})();

export interface Person {
  readonly accountId: string;
  readonly email: string;
  readonly secret: string;
}

export interface IdentityUnderTest {
  readonly issuer: string;
  readonly settings: IdentitySettings;
  readonly engine: FakeEngine;
  readonly accounts: Accounts;
  readonly totp: TotpFactors;
  readonly logoutListener: LogoutListener;
  /** Signs in as the application does. */
  readonly pool: Pool;
  /** Signs in as the administrator. */
  readonly auditAdmin: Pool;
  /** What the process wrote to its log. */
  readonly logLines: string[];
  addPerson(options?: {
    accountId?: string;
    factor?: boolean;
    grants?: SignInGrant[];
    mustChangePassword?: boolean;
    passwordHash?: string;
  }): Promise<Person>;
  /** Letters to a person so far, oldest first. */
  lettersTo(person: Person): Promise<Mail[]>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

export function grantOf(more: Partial<SignInGrant> = {}): SignInGrant {
  return {
    tenantId: randomUUID(),
    tenantName: 'North Street Dental',
    role: 'role.clinician',
    clinics: [{ id: randomUUID(), name: 'North Street' }],
    patientRecordId: null,
    factorRequired: true,
    ...more,
  };
}

/**
 * The code of an authenticator app, now or 30 seconds ahead, for whoever has used the one of now. (One of before would be
 * refused where the clock goes on to its next step before the code is looked at.)
 */
export function codeOf(secret: string, steps: 0 | 1 = 0): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 });
}

/** Loaded where it is needed: only Vitest knows of the cluster, and a benchmark brings clones of its own. */
async function cloneTestStores(): Promise<StoreClones> {
  const { cloneStores } = await import('../../../testing/stores.ts');
  return cloneStores(['identity', 'audit']);
}

/** Identity on real stores and sockets, with the engine played by a map of memberships. */
export async function startIdentityUnderTest(
  options: {
    issuer?: string;
    port?: number;
    clones?: StoreClones;
    clients?: ClientSettings[];
    /** A real engine's internal listener, instead of the one that is played. */
    engine?: EngineSettings;
    pagesFolder?: string;
    /** Where a real console listens, instead of the one that is played. */
    consoleUrl?: string;
    /** Serves https itself. */
    tls?: ListenerTls;
  } = {},
): Promise<IdentityUnderTest> {
  const clones = options.clones ?? (await cloneTestStores());
  const environment = clones.environment(['identity_app', 'identity_audit']);
  const engine = await startFakeEngine();
  const logoutListener = await startLogoutListener();
  const port = options.port ?? (await findFreeBasePort());
  const consoleUrl = options.consoleUrl ?? 'http://localhost:7400';
  const mailFolder = await mkdtemp(join(tmpdir(), 'cordon-mail-'));
  const issuer = options.issuer ?? `http://localhost:${port}`;
  const settings: IdentitySettings = {
    host: 'localhost',
    port,
    issuer,
    engine: options.engine ?? engine.settings,
    identityKey: randomBytes(32),
    cookieKey: randomBytes(32).toString('hex'),
    clients: [
      ...(options.clients ?? []),
      {
        client_id: 'console',
        client_name: 'Staff console',
        client_secret: 'console-secret-console-secret-console',
        // A relying party of tests comes back to the played console, which nothing listens at.
        redirect_uris: [...new Set([`${consoleUrl}/auth/callback`, 'http://localhost:7400/auth/callback'])],
        post_logout_redirect_uris: [`${consoleUrl}/`],
        backchannel_logout_uri:
          options.consoleUrl === undefined ? logoutListener.url : `${consoleUrl}/auth/backchannel-logout`,
        application_type: 'web',
        token_endpoint_auth_method: 'client_secret_basic',
      },
      {
        client_id: 'cordon-cli',
        redirect_uris: ['http://127.0.0.1/callback'],
        post_logout_redirect_uris: [],
        application_type: 'native',
        token_endpoint_auth_method: 'none',
      },
    ],
    trustedProxies: undefined,
    mailFolder,
    tls: options.tls,
    homes: { console: consoleUrl, portal: 'http://localhost:7401' },
    identityDatabase: databaseSettings('identity_app', environment),
    auditDatabase: databaseSettings('identity_audit', environment),
    atRest: { folder: undefined, rds: undefined },
  };
  const logLines: string[] = [];
  const logger = createLogger({
    app: 'identity',
    level: 'debug',
    destination: { write: (line: string) => void logLines.push(line) },
  });
  const more = {
    // It is played by this very process: on a busy machine all three sides stand still together.
    enginePatienceMs: 60_000,
    ...(options.pagesFolder === undefined ? {} : { pagesFolder: options.pagesFolder }),
  };
  let running = await startIdentity(settings, { logger, ...more });
  const pool = new Pool({ ...clones.connection('identity', 'identity_app'), max: 4 });
  const auditAdmin = new Pool({ ...clones.admin('audit'), max: 1 });
  const keyManagement = createLocalKeyManagement({ rootKey: settings.identityKey, rootKeyId });
  const accounts = createAccounts(pool, keyManagement, deriveKeys(settings.identityKey));
  const totp = createTotpFactors(pool, accounts);
  return {
    issuer,
    settings,
    engine,
    accounts,
    totp,
    pool,
    auditAdmin,
    logLines,
    logoutListener,
    async lettersTo({ email }) {
      const names = (await readdir(mailFolder)).sort();
      const letters = await Promise.all(
        names.map(async (name) => JSON.parse(await readFile(join(mailFolder, name), 'utf8')) as Mail),
      );
      return letters.filter(({ to }) => to === email);
    },
    async addPerson({
      accountId: id,
      factor = true,
      grants = [grantOf()],
      mustChangePassword = false,
      passwordHash = cheapHash,
    } = {}) {
      const email = `${randomUUID()}@clinic.example`;
      const accountId = await accounts.create({
        ...(id === undefined ? {} : { accountId: id }),
        email,
        displayName: 'Test Person',
        passwordHash,
        mustChangePassword,
      });
      const secret = new Secret({ size: 20 }).base32;
      if (factor) await totp.install(accountId, secret);
      engine.grants.set(accountId, grants);
      return { accountId, email, secret };
    },
    async restart() {
      await running.close();
      running = await startIdentity(settings, { logger, ...more });
    },
    async close() {
      await running.close();
      await pool.end();
      await auditAdmin.end();
      await engine.close();
      await logoutListener.close();
      await rm(mailFolder, { recursive: true });
      await clones.drop();
    },
  };
}
