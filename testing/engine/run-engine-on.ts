import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLogger } from '@cordon/service';
import { exportJWK, generateKeyPair, createLocalJWKSet, SignJWT } from 'jose';
import { readEngineSettings } from '../../apps/engine/src/settings.ts';
import { applySeed } from '../../apps/engine/src/seed/apply-seed.ts';
import type { SeedPlan } from '../../apps/engine/src/seed/seed-plan.ts';
import { startEngine, type EngineOptions, type RunningEngine } from '../../apps/engine/src/start-engine.ts';
import { enginePools } from '../../apps/engine/src/stores/stores.ts';
import type { StoreClones } from '@cordon/stores/testing';
import type { Credential } from '../../packages/stores/certificates.ts';
import { writeTestSecrets } from './secrets.ts';

export type SeedAccount = SeedPlan['accounts'][number];

export interface TestEngine {
  readonly running: RunningEngine;
  readonly stores: StoreClones;
  readonly plan: SeedPlan;
  /** Everything the engine logged, to be searched. */
  readonly logLines: () => string;
  /** Issues the certificates that the internal listener takes. */
  readonly authority: Credential;
  /** The engine's whole environment, to run one of its own processes beside it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where the engine keeps its objects. */
  readonly objectsFolder: string;
  /** A token as identity would sign it. */
  token(account: SeedAccount, change?: Record<string, unknown>): Promise<string>;
  /** One request; `account` null for none. */
  send(account: SeedAccount | null, path: string, init?: RequestInit): Promise<Response>;
  account(name: string): SeedAccount;
  close(): Promise<void>;
}

const issuer = 'http://localhost:1/issuer';
const audience = 'urn:cordon:engine';

/** Two tenants with two clinics each, and one account for each relation that tests ask about. */
export function makePlan(): SeedPlan {
  const clinic = (name: string) => ({ id: randomUUID(), name });
  const north = {
    id: randomUUID(),
    name: 'northgate',
    clinics: [clinic('northgate-leeds'), clinic('northgate-york')],
  };
  const river = {
    id: randomUUID(),
    name: 'riverside',
    clinics: [clinic('riverside-hull'), clinic('riverside-bath')],
  };
  const account = (
    displayName: string,
    role: SeedAccount['role'],
    tenant: typeof north,
    clinics: readonly number[],
    patient = false,
  ): SeedAccount => ({
    accountId: randomUUID(),
    displayName,
    role,
    tenantId: tenant.id,
    clinicIds: clinics.map((index) => tenant.clinics[index]?.id ?? ''),
    patientRecordId: patient ? randomUUID() : null,
  });
  return {
    tenants: [north, river],
    accounts: [
      account('receptionist', 'role.receptionist', north, [0]),
      account('clinician', 'role.clinician', north, [0]),
      account('clinician of york', 'role.clinician', north, [1]),
      account('clinician of riverside', 'role.clinician', river, [0]),
      account('admin', 'role.admin', north, [0, 1]),
      account('corporate admin', 'role.corporateAdmin', north, []),
      account('auditor', 'role.auditor', north, []),
      account('contractor', 'role.externalContractor', north, []),
      account('Petra Patientson', 'role.patient', north, [0], true),
      account('Yusuf Yorkson', 'role.patient', north, [1], true),
      account('Rita Riverson', 'role.patient', river, [0], true),
    ],
  };
}

/**
 * A whole engine on the given stores, which it drops at its end; tokens are signed by the test, unless the environment
 * names an issuer: then its published keys count.
 */
export async function runEngineOn(
  stores: StoreClones,
  plan: SeedPlan = makePlan(),
  options: Pick<EngineOptions, 'rateLimit' | 'reader'> & { environment?: Record<string, string> } = {},
): Promise<TestEngine> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), alg: 'ES256', kid: 'test' };
  const secrets = await writeTestSecrets({
    root: randomBytes(32),
    clinical: stores.sealKey('clinical'),
    vault: stores.sealKey('vault'),
    audit: stores.sealKey('audit'),
    marketing: stores.sealKey('marketing'),
  });
  let log = '';
  const logger = createLogger({
    app: 'engine',
    level: 'info',
    destination: { write: (line: string) => void (log += line) },
  });
  const environment: Record<string, string> = {
    ...stores.environment(Object.keys(enginePools)),
    ...secrets.environment,
    CORDON_ENV: 'demo',
    CORDON_PORT: '0',
    CORDON_INTERNAL_PORT: '0',
    CORDON_ISSUER_URL: issuer,
    CORDON_AUDIENCE: audience,
    CORDON_CONFIG_DIR: fileURLToPath(new URL('../../config', import.meta.url)),
    CORDON_OBJECTS_DIR: join(secrets.folder, 'objects'),
    ...options.environment,
  };
  const settings = readEngineSettings(environment);
  const ownKeys = options.environment?.['CORDON_ISSUER_URL'] === undefined;
  const running = await startEngine(settings, logger, {
    ...options,
    ...(ownKeys ? { verificationKeys: createLocalJWKSet({ keys: [jwk] }) } : {}),
  });
  await applySeed(running.engine, plan);

  async function token(account: SeedAccount, change: Record<string, unknown> = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({
      sub: account.accountId,
      sid: randomUUID(),
      tenant_id: account.tenantId,
      role: account.role,
      scope: account.clinicIds.flatMap((id) => [`clinic/${id}.read`, `clinic/${id}.write`]).join(' '),
      acr: 'urn:cordon:acr:mfa',
      auth_time: now,
      ...(account.patientRecordId === null ? {} : { patient_record_id: account.patientRecordId }),
      iss: issuer,
      aud: audience,
      iat: now,
      exp: now + 900,
      ...change,
    })
      .setProtectedHeader({ alg: 'ES256', kid: 'test', typ: 'at+jwt' })
      .sign(privateKey);
  }
  return {
    running,
    stores,
    plan,
    logLines: () => log,
    authority: secrets.authority,
    environment,
    objectsFolder: join(secrets.folder, 'objects'),
    token,
    async send(account, path, init = {}) {
      const headers = new Headers(init.headers);
      if (account !== null) headers.set('authorization', `Bearer ${await token(account)}`);
      return fetch(`${running.url}${path}`, { ...init, headers });
    },
    account(name) {
      const found = plan.accounts.find((account) => account.displayName === name);
      if (found === undefined) throw new Error(`the plan has no account ${name}`);
      return found;
    },
    async close() {
      await running.close();
      await secrets.remove();
      await stores.drop();
    },
  };
}
