import {
  startIdentityUnderTest,
  type IdentityUnderTest,
  type Person,
} from '../../apps/identity/testing/identity-under-test.ts';
import type { SessionApp } from '@cordon/web-guard';
import { consoleApp } from '../../apps/console/src/console-app.ts';
import type { ClientSettings } from '../../apps/identity/src/settings.ts';
import { portalApp } from '../../apps/portal/src/portal-app.ts';
import { issueCertificate } from '../../packages/stores/certificates.ts';
import { makePlan, runEngineOn, type SeedAccount, type TestEngine } from '../engine/run-engine-on.ts';
import { findFreeBasePort } from '../end-to-end/find-ports.ts';
import { cloneStores } from '../stores.ts';
import { startTestConsole } from './start-test-console.ts';

/** Engine, identity, console and, where it is wanted, portal, each real, on real stores, sockets and certificates. */
export interface TestInstallation {
  readonly engine: TestEngine;
  readonly identity: IdentityUnderTest;
  readonly consoleUrl: string;
  /** Where the portal listens, when the installation has one. */
  readonly portalUrl: string;
  /** What console and portal wrote to their logs. */
  readonly appLogs: () => readonly string[];
  /** An account of identity for a membership of the engine's plan. */
  addPerson(account: SeedAccount, options?: { factor?: boolean }): Promise<Person>;
  close(): Promise<void>;
}

const portalClient = (url: string): ClientSettings => ({
  client_id: 'portal',
  client_secret: 'portal-secret-portal-secret-portal',
  redirect_uris: [`${url}/auth/callback`],
  post_logout_redirect_uris: [`${url}/`],
  backchannel_logout_uri: `${url}/auth/backchannel-logout`,
  application_type: 'web',
  token_endpoint_auth_method: 'client_secret_basic',
});

export async function startInstallation(
  plan = makePlan(),
  {
    portal = false,
    pagesFolder,
    consolePagesFolder,
  }: { portal?: boolean; pagesFolder?: string; consolePagesFolder?: string } = {},
): Promise<TestInstallation> {
  const clones = await cloneStores();
  // Dropped once, when nobody uses them any more.
  const lent = { ...clones, drop: () => Promise.resolve() };
  const port = await findFreeBasePort();
  const [consolePort, portalPort] = [port + 1, port + 2];
  const issuer = `http://localhost:${port}`;
  const consoleUrl = `http://localhost:${consolePort}`;
  const portalUrl = `http://localhost:${portalPort}`;
  const engine = await runEngineOn(lent, plan, { environment: { CORDON_ISSUER_URL: issuer } });
  const certificate = await issueCertificate(engine.authority, { commonName: 'identity', use: 'client', days: 2 });
  const identity = await startIdentityUnderTest({
    port,
    clones: lent,
    consoleUrl,
    ...(pagesFolder === undefined ? {} : { pagesFolder }),
    clients: portal ? [portalClient(portalUrl)] : [],
    engine: {
      url: engine.running.internalUrl.replace('127.0.0.1', 'localhost'),
      cert: certificate.certificate,
      key: certificate.key,
      ca: engine.authority.certificate,
    },
  });
  const start = (app: SessionApp, appPort: number, builtPages?: string) =>
    startTestConsole({
      app,
      port: appPort,
      ...(builtPages === undefined ? {} : { builtPages }),
      provider: {
        issuer,
        clientId: app.name,
        clientSecret: `${app.name}-secret-${app.name}-secret-${app.name}`,
        resource: 'urn:cordon:engine',
      },
      engineUrl: engine.running.url,
      stores: lent,
    });
  const apps = [
    await start(consoleApp, consolePort, consolePagesFolder),
    ...(portal ? [await start(portalApp, portalPort)] : []),
  ];
  return {
    engine,
    identity,
    consoleUrl,
    portalUrl,
    appLogs: () => apps.flatMap(({ logLines }) => logLines),
    addPerson: ({ accountId }, options = {}) => identity.addPerson({ accountId, ...options }),
    async close() {
      await Promise.all(apps.map((app) => app.close()));
      await identity.close();
      await engine.close();
      await clones.drop();
    },
  };
} // prettier-ignore
