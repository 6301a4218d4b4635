import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createLogger } from '@cordon/service';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import pg from 'pg';
import { applySeed } from '../../apps/engine/src/seed/apply-seed.ts';
import { readEngineSettings } from '../../apps/engine/src/settings.ts';
import { openEngine } from '../../apps/engine/src/start-engine.ts';
import { enginePools } from '../../apps/engine/src/stores/stores.ts';
import { findFreeBasePort } from '../end-to-end/find-ports.ts';
import { Restarted } from '../restarted-process.ts';
import { cloneStores } from '../stores.ts';
import { openAlertStream, type AlertConsole } from './alert-console.ts';
import { makePlan, type SeedAccount } from './run-engine-on.ts';
import { writeTestSecrets } from './secrets.ts';

const inRepository = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const audience = 'urn:cordon:engine';
const raisers = 20;

export interface AlertKillReport {
  readonly kills: number;
  readonly raised: number;
  /** Alerts by the way that they went, as their events tell it. */
  readonly ways: Readonly<Record<string, number>>;
  /** Alerts that a console was told as new more than once over all its connections. */
  readonly toldTwice: readonly string[];
  /** Alerts with more than one successful outcome of the same step in the audit log. */
  readonly auditedTwice: number;
}

/**
 * Raises alerts without pause while the engine is killed by SIGKILL at random moments; a clinician's console, which comes
 * back after each kill, takes every second alert, and the clinic's time runs out for the others.
 */
export async function runAlertKills(count: number): Promise<AlertKillReport> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', kid: 'test' }] });
  const issuerServer = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(jwks);
  });
  await new Promise<void>((resolve) => issuerServer.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(issuerServer.address() as AddressInfo).port}`;
  const stores = await cloneStores();
  const sealKeys = ['clinical', 'vault', 'audit', 'marketing'] as const;
  const secrets = await writeTestSecrets({
    root: randomBytes(32),
    ...(Object.fromEntries(sealKeys.map((store) => [store, stores.sealKey(store)])) as Record<(typeof sealKeys)[number], Buffer>),
  }); // prettier-ignore
  const basePort = await findFreeBasePort();
  const url = `http://127.0.0.1:${basePort}`;
  const environment = {
    ...stores.environment(Object.keys(enginePools)),
    ...secrets.environment,
    CORDON_ENV: 'demo',
    CORDON_PORT: String(basePort),
    CORDON_INTERNAL_PORT: String(basePort + 1),
    CORDON_ISSUER_URL: issuer,
    CORDON_AUDIENCE: audience,
    CORDON_CONFIG_DIR: inRepository('config'),
    CORDON_OBJECTS_DIR: join(secrets.folder, 'objects'),
  };
  const plan = makePlan();
  const named = (name: string): SeedAccount => {
    const found = plan.accounts.find((account) => account.displayName === name);
    if (found === undefined) throw new Error(`the plan has no account ${name}`);
    return found;
  };
  const clinician = named('clinician');
  const patient = named('Petra Patientson');
  // Several, for one alone would meet the rate limit.
  const copies = (account: SeedAccount) =>
    Array.from({ length: raisers }, () => ({ ...account, accountId: randomUUID() }));
  const desks = copies(named('receptionist'));
  const takers = copies(clinician); // prettier-ignore
  const seeding = await openEngine(
    readEngineSettings(environment),
    createLogger({ app: 'engine', destination: { write: () => undefined } }),
  );
  await applySeed(seeding.engine, { ...plan, accounts: [...plan.accounts, ...desks, ...takers] });
  await seeding.close();
  const clinical = new pg.Pool({ ...stores.admin('clinical'), max: 2 });
  const audit = new pg.Pool({ ...stores.admin('audit'), max: 1 });
  for (const pool of [clinical, audit]) pool.on('error', () => undefined);
  await clinical.query('ALTER TABLE clinical.clinics DROP CONSTRAINT clinics_alert_timeout_check');
  await clinical.query("UPDATE clinical.clinics SET alert_timeout = '6 seconds'");

  const token = (account: SeedAccount): Promise<string> =>
    new SignJWT({
      sub: account.accountId,
      sid: randomUUID(),
      tenant_id: account.tenantId,
      role: account.role,
      scope: account.clinicIds.map((id) => `clinic/${id}.read clinic/${id}.write`).join(' '),
      acr: 'urn:cordon:acr:mfa',
      auth_time: Math.floor(Date.now() / 1000),
    })
      .setProtectedHeader({ alg: 'ES256', kid: 'test', typ: 'at+jwt' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime('2h')
      .sign(privateKey);

  async function post(account: SeedAccount, path: string, body?: object): Promise<Response | undefined> {
    return fetch(`${url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await token(account)}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(5_000),
    }).catch(() => undefined);
  }

  const engine = new Restarted(inRepository('apps/engine/main.ts'), environment);
  let raised = 0;
  let kills = 0;
  const state = { over: false, raising: true };
  const isOver = (): boolean => state.over;
  const told = new Map<string, number>();

  async function raise(desk: SeedAccount): Promise<void> {
    while (raised < count) {
      raised += 1;
      const { clinicIds, patientRecordId: patientId } = patient;
      const body = { clinicId: clinicIds[0], patientId, urgency: 'urgent', message: 'Swelling' };
      // An answer that was lost may have left an alert all the same; it counts like any other.
      if ((await post(desk, '/v1/alerts', body))?.status !== 201) {
        raised -= 1;
        await sleep(100);
      }
      // Two requests a second each stay within the rate limit.
      await sleep(500);
    }
  }

  /** Comes back with its place after each loss, and takes every second alert that it is told as new. */
  async function watch(): Promise<void> {
    let place: string | undefined;
    while (!state.over) {
      let view: AlertConsole | undefined;
      try {
        view = await openAlertStream({ running: { url }, token }, clinician, place);
        let read = 0;
        for (let last = false; !last;) {
          last = view.ended() || isOver();
          await sleep(100);
          for (const event of view.seen().slice(read)) {
            if (event.change !== 'PENDING') continue;
            told.set(event.id, (told.get(event.id) ?? 0) + 1);
            if (told.size % 2 === 0) {
              const taker = takers[told.size % raisers] ?? clinician;
              void post(taker, `/v1/alerts/${event.id}/acknowledge`);
            }
          }
          read = view.seen().length;
          place = view.lastEventId();
        }
      } catch {
        await sleep(200);
      }
      view?.close();
    }
  }

  const serves = async (): Promise<void> => {
    for (let wait = 0; (await fetch(`${url}/v1/me`).catch(() => undefined)) === undefined; wait += 1) {
      if (wait > 600) throw new Error('the engine did not come back within a minute');
      await sleep(100);
    }
  };

  const open = async (): Promise<number> => {
    const { rows } = await clinical.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM clinical.alerts WHERE state IN ('PENDING', 'DELIVERED')",
    );
    return rows[0]?.n ?? 0;
  };
  try {
    engine.start();
    const watching = watch();
    const raising = Promise.all(desks.map(raise));
    void raising.then(() => (state.raising = false));
    while (state.raising) {
      await serves();
      await sleep(1_000 + Math.random() * 3_000);
      await engine.end('SIGKILL');
      engine.start();
      kills += 1;
    }
    for (let wait = 0; (await open()) > 0; wait += 1) {
      if (wait > 240) throw new Error(`${await open()} alerts were left`);
      await sleep(500);
    }
    state.over = true;
    await watching;
    const ways = await clinical.query<{ way: string; n: number }>(
      `SELECT way, count(*)::int AS n FROM (
         SELECT string_agg(state, ' ' ORDER BY state) FILTER (WHERE state IN ('ACKNOWLEDGED', 'ESCALATED')) AS way
         FROM clinical.alert_events GROUP BY alert_id) AS each GROUP BY way`,
    );
    await engine.end('SIGTERM');
    const twice = await audit.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM (
         SELECT i.resource_id, i.action FROM audit.audit_logs i JOIN audit.audit_logs o ON o.intent_id = i.id AND o.outcome = 'success'
         WHERE i.outcome = 'intent' AND i.action IN ('alert.acknowledged', 'alert.escalated', 'alert.delivered')
         GROUP BY 1, 2 HAVING count(*) > 1) AS steps`,
    );
    return {
      kills,
      raised: count,
      ways: Object.fromEntries(ways.rows.map(({ way, n }) => [way, n])),
      toldTwice: [...told].filter(([, times]) => times > 1).map(([id]) => id),
      auditedTwice: twice.rows[0]?.n ?? -1,
    };
  } finally {
    state.over = true;
    raised = count;
    await engine.end('SIGKILL');
    issuerServer.close();
    await Promise.all([clinical.end(), audit.end()]);
    await secrets.remove();
    await stores.drop();
  }
}

/**
 * What a report must say. Each state is reached once at most, by a unique key; an alert that was passed on and taken after
 * that has both.
 */
export function settledOnce({ ways, raised, toldTwice, auditedTwice }: AlertKillReport) {
  const settling = ['ACKNOWLEDGED', 'ESCALATED', 'ACKNOWLEDGED ESCALATED'];
  const settled = settling.reduce((sum, way) => sum + (ways[way] ?? 0), 0);
  return {
    settled: settled >= raised && (ways['ACKNOWLEDGED'] ?? 0) > 0 && (ways['ESCALATED'] ?? 0) > 0,
    unsettled: Object.keys(ways).filter((way) => !settling.includes(way)),
    toldTwice,
    auditedTwice,
  };
}
