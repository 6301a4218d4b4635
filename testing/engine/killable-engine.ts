import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createLogger } from '@cordon/service';
import type { StoreClones } from '@cordon/stores/testing';
import pg from 'pg';
import { applySeed } from '../../apps/engine/src/seed/apply-seed.ts';
import { readEngineSettings } from '../../apps/engine/src/settings.ts';
import { openEngine } from '../../apps/engine/src/start-engine.ts';
import { findFreeBasePort } from '../end-to-end/find-ports.ts';
import { Restarted } from '../restarted-process.ts';
import { cloneStores } from '../stores.ts';
import { makeEngineEnvironment } from './engine-environment.ts';
import { makePlan, type SeedAccount } from './run-engine-on.ts';
import { writeTestSecrets } from './secrets.ts';
import { startTestIssuer } from './test-issuer.ts';

const inRepository = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** An engine as a process of its own, to be killed and started again, with stores that outlive it. */
export interface KillableEngine {
  readonly url: string;
  readonly stores: StoreClones;
  /** Every folder that the process writes to, by its settings or because it is its temp folder or home. */
  readonly folder: string;
  readonly objectsFolder: string;
  /** What all of its lives logged. */
  readonly logLines: () => string;
  readonly process: Restarted;
  readonly clinical: pg.Pool;
  readonly audit: pg.Pool;
  readonly marketing: pg.Pool;
  account(name: string): SeedAccount;
  /** Further accounts with the role and clinics of one of the plan: one alone would meet the rate limit. */
  copiesOf(name: string, count: number): Promise<readonly SeedAccount[]>;
  readonly token: (account: SeedAccount) => Promise<string>;
  /** Undefined where the engine is away. */
  readonly post: (account: SeedAccount, path: string, body?: object) => Promise<Response | undefined>;
  /** Resolves once the engine answers. */
  readonly serves: () => Promise<void>;
  close(): Promise<void>;
}

export async function openKillableEngine(): Promise<KillableEngine> {
  const issuer = await startTestIssuer();
  const stores = await cloneStores();
  const sealKeys = ['clinical', 'vault', 'audit', 'marketing'] as const;
  const secrets = await writeTestSecrets({
    root: randomBytes(32),
    ...(Object.fromEntries(sealKeys.map((store) => [store, stores.sealKey(store)])) as Record<(typeof sealKeys)[number], Buffer>),
  }); // prettier-ignore
  const basePort = await findFreeBasePort();
  const url = `http://127.0.0.1:${basePort}`;
  const objectsFolder = join(secrets.folder, 'objects');
  const environment = {
    ...makeEngineEnvironment({
      stores,
      secrets,
      issuer,
      basePort,
      objectsFolder,
    }),
    TMPDIR: join(secrets.folder, 'temp'),
    HOME: join(secrets.folder, 'home'),
  };
  for (const folder of [environment.TMPDIR, environment.HOME]) mkdirSync(folder);
  const logFile = join(secrets.folder, 'engine.log');
  const plan = makePlan();

  async function seed(accounts: readonly SeedAccount[]): Promise<void> {
    const quiet = createLogger({ app: 'engine', destination: { write: () => undefined } });
    const seeding = await openEngine(readEngineSettings(environment), quiet);
    await applySeed(seeding.engine, { ...plan, accounts: [...accounts] });
    await seeding.close();
  }
  await seed(plan.accounts);
  const poolOf = (store: 'clinical' | 'audit' | 'marketing') =>
    new pg.Pool({ ...stores.admin(store), max: 2 }).on('error', () => undefined);
  const process = new Restarted(inRepository('apps/engine/main.ts'), environment, logFile);
  const killable: KillableEngine = {
    url,
    stores,
    folder: secrets.folder,
    objectsFolder: objectsFolder,
    logLines: () => readFileSync(logFile, 'utf8'),
    process,
    clinical: poolOf('clinical'),
    audit: poolOf('audit'),
    marketing: poolOf('marketing'),
    account(name) {
      const found = plan.accounts.find((account) => account.displayName === name);
      if (found === undefined) throw new Error(`the plan has no account ${name}`);
      return found;
    },
    async copiesOf(name, count) {
      const copies = Array.from({ length: count }, () => ({
        ...killable.account(name),
        accountId: randomUUID(),
      }));
      await seed(copies);
      return copies;
    },
    token: issuer.token,
    async post(account, path, body) {
      return fetch(`${url}${path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await killable.token(account)}`,
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(5_000),
      }).catch(() => undefined);
    },
    async serves() {
      for (let wait = 0; (await fetch(`${url}/v1/me`).catch(() => undefined)) === undefined; wait += 1) {
        if (wait > 600) throw new Error('the engine did not come back within a minute');
        await sleep(100);
      }
    },
    async close() {
      await process.end('SIGKILL');
      issuer.close();
      await Promise.all([killable.clinical.end(), killable.audit.end(), killable.marketing.end()]);
      await secrets.remove();
      await stores.drop();
    },
  };
  return killable;
}
