import {
  findFreePort,
  startIdentityUnderTest,
  type IdentityUnderTest,
  type Person,
} from '../../apps/identity/testing/identity-under-test.ts';
import { issueCertificate } from '../../packages/stores/index.ts';
import { makePlan, runEngineOn, type SeedAccount, type TestEngine } from '../engine/run-engine-on.ts';
import { cloneStores } from '../stores.ts';
import { startTestConsole } from './start-test-console.ts';

/** Engine, identity and console, each real, on real stores, sockets and certificates. */
export interface House {
  readonly engine: TestEngine;
  readonly identity: IdentityUnderTest;
  readonly consoleUrl: string;
  /** An account of identity for a membership of the engine's plan. */
  addPerson(account: SeedAccount, options?: { factor?: boolean }): Promise<Person>;
  close(): Promise<void>;
}

export async function startHouse(plan = makePlan()): Promise<House> {
  const clones = await cloneStores();
  // Dropped once, when nobody uses them any more.
  const lent = { ...clones, drop: () => Promise.resolve() };
  const [port, consolePort] = [await findFreePort(), await findFreePort()];
  const issuer = `http://localhost:${port}`;
  const consoleUrl = `http://localhost:${consolePort}`;
  const engine = await runEngineOn(lent, plan, { environment: { CORDON_ISSUER_URL: issuer } });
  const certificate = await issueCertificate(engine.authority, { commonName: 'identity', use: 'client', days: 2 });
  const identity = await startIdentityUnderTest({
    port,
    clones: lent,
    consoleUrl,
    engine: {
      url: engine.running.internalUrl.replace('127.0.0.1', 'localhost'),
      cert: certificate.certificate,
      key: certificate.key,
      ca: engine.authority.certificate,
    },
  });
  const console = await startTestConsole({
    port: consolePort,
    provider: {
      issuer,
      clientId: 'console',
      clientSecret: 'console-secret-console-secret-console',
      resource: 'urn:cordon:engine',
    },
    engineUrl: engine.running.url,
    stores: lent,
  });
  return {
    engine,
    identity,
    consoleUrl,
    addPerson: ({ accountId }, options = {}) => identity.addPerson({ accountId, ...options }),
    async close() {
      await console.close();
      await identity.close();
      await engine.close();
      await clones.drop();
    },
  };
} // prettier-ignore
