import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@cordon/service';
import { generateSigningKey } from '@cordon/transparency-log';
import { consoleApp } from '../../apps/console/src/console-app.ts';
import { startIdentityUnderTest } from '../../apps/identity/testing/identity-under-test.ts';
import { portalApp } from '../../apps/portal/src/portal-app.ts';
import { startWeb } from '../../apps/web/src/start-web.ts';
import { startWitness } from '../../apps/witness/src/start-witness.ts';
import { issueAuthority, issueCertificate } from '../../packages/stores/certificates.ts';
import { findFreeBasePort } from '../end-to-end/find-ports.ts';
import { runEngineOn, type TestEngine } from '../engine/run-engine-on.ts';
import { startTestConsole } from '../sign-in/start-test-console.ts';
import { cloneStores } from '../stores.ts';

/** Every listener that an installation has, each the app's own, with the certificates that it would have. */
export interface Listeners {
  readonly engine: TestEngine;
  /** By name: the port on 127.0.0.1. */
  readonly ports: Readonly<Record<ListenerName, number>>;
  close(): Promise<void>;
}

export const publicListeners = ['engine', 'identity', 'console', 'portal', 'site', 'witness'] as const;
export const ownListeners = ['engine for identity', 'PostgreSQL'] as const;
export type ListenerName = (typeof publicListeners)[number] | (typeof ownListeners)[number];

export async function startListeners(): Promise<Listeners> {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-listeners-'));
  const closers: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true })];
  const close = async () => {
    for (const closer of closers.toReversed()) await closer();
  };
  try {
    return { ...(await startAll(folder, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startAll(
  folder: string,
  closers: (() => Promise<unknown>)[],
): Promise<Omit<Listeners, 'close'>> {
  const authority = await issueAuthority('Test authority', 2);
  const request = { commonName: 'localhost', use: 'server', hosts: ['localhost'], days: 2 } as const;
  const { certificate: cert, key } = await issueCertificate(authority, request);
  const environment = {
    CORDON_TLS_CERT_FILE: join(folder, 'web.crt'),
    CORDON_TLS_KEY_FILE: join(folder, 'web.key'),
  };
  await writeFile(environment.CORDON_TLS_CERT_FILE, cert);
  await writeFile(environment.CORDON_TLS_KEY_FILE, key, { mode: 0o600 });
  const tls = { cert, key };
  const clones = await cloneStores();
  closers.push(() => clones.drop());
  const lent = { ...clones, drop: () => Promise.resolve() };
  const engine = await runEngineOn(lent, undefined, { environment });
  closers.push(() => engine.close());

  const first = await findFreeBasePort();
  const [console, portal, site] = [first + 1, first + 2, first + 3];
  const identity = await startIdentityUnderTest({
    port: first,
    issuer: `https://localhost:${first}`,
    clones: lent,
    tls,
  });
  closers.push(() => identity.close());
  for (const [app, port] of [[consoleApp, console], [portalApp, portal]] as const) {
    const provider = { issuer: identity.issuer, clientId: app.name, clientSecret: 'x'.repeat(40), resource: 'urn:cordon:engine' };
    const server = await startTestConsole({ app, port, provider, engineUrl: engine.running.url, stores: lent, tls });
    closers.push(() => server.close());
  }
  const logger = createLogger({ app: 'test', level: 'silent' });
  const web = await startWeb(
    {
      host: '127.0.0.1',
      port: site,
      publicUrl: `https://localhost:${site}`,
      engineUrl: engine.running.url,
      site: { tenantId: randomUUID(), clinicId: randomUUID() },
      phone: undefined,
      visitorKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
      trustedProxies: undefined,
      tls,
    },
    logger,
  );
  closers.push(() => web.close());
  const witnessKey = generateSigningKey('witness.test/w1', 'cosignature');
  const witness = await startWitness(
    { host: '127.0.0.1', port: 0, tls, key: witnessKey, logs: new Map(), folder },
    logger,
  );
  closers.push(() => witness.close());
  const portOf = (url: string): number => Number(new URL(url).port);
  return {
    engine,
    ports: {
      engine: portOf(engine.running.url),
      'engine for identity': portOf(engine.running.internalUrl),
      identity: first,
      console,
      portal,
      site,
      witness: portOf(witness.url),
      PostgreSQL: Number(clones.admin('clinical').port),
    },
  };
} // prettier-ignore
