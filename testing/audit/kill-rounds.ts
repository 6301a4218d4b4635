import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type VerifyReport } from '@cordon/audit-log';
import { entrySession } from '@cordon/audit-log/postgres';
import { createLogger } from '@cordon/service';
import { formatSigningKey, generateSigningKey } from '@cordon/transparency-log';
import pg from 'pg';
import { verifyStore } from '../../apps/cli/src/audit/verify.ts';
import { applySeed } from '../../apps/engine/src/seed/apply-seed.ts';
import { readEngineSettings } from '../../apps/engine/src/settings.ts';
import { openEngine } from '../../apps/engine/src/start-engine.ts';
import { cloneDatabases } from '../../packages/stores/testing.ts';
import { findFreeBasePort } from '../end-to-end/find-ports.ts';
import { Restarted } from '../restarted-process.ts';
import { makeEngineEnvironment } from '../engine/engine-environment.ts';
import { makePlan, type SeedAccount } from '../engine/run-engine-on.ts';
import { writeTestSecrets } from '../engine/secrets.ts';
import { startTestIssuer } from '../engine/test-issuer.ts';
import { startOwnCluster } from '../start-cluster.ts';

const inRepository = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export interface KillReport {
  readonly kills: Readonly<Record<string, number>>;
  /** Request ids of reads that were answered with the record. */
  readonly answered: readonly string[];
  /** Of those, the ones without exactly one `record.opened`. */
  readonly withoutEntry: readonly string[];
  readonly entries: number;
  readonly distinctEntries: number;
  readonly verified: VerifyReport;
}

/**
 * Reads records without pause while PostgreSQL (its first process or any other), the engine and the sequencer are killed by
 * SIGKILL at random moments, each for a third of the rounds, then asks whether each answered read has its entry, and whether
 * the tree verifies. On a server of its own, which waits for the disk as in production.
 */
export async function runKillRounds(rounds: number): Promise<KillReport> {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-kill-'));
  const issuer = await startTestIssuer();
  const cluster = await startOwnCluster({ durable: true });
  const stores = await cloneDatabases(cluster.info);
  const secrets = await writeTestSecrets({
    root: randomBytes(32),
    clinical: stores.sealKey('clinical'),
    vault: stores.sealKey('vault'),
    audit: stores.sealKey('audit'),
    marketing: stores.sealKey('marketing'),
  });
  const basePort = await findFreeBasePort();
  const environment = {
    ...makeEngineEnvironment({ stores, secrets, issuer, basePort, objectsFolder: folder }),
    NODE_COMPILE_CACHE: join(folder, 'compiled'),
  };
  const plan = makePlan();
  const clinician = plan.accounts.find((account) => account.displayName === 'clinician');
  const patientId = plan.accounts.find(
    (account) => account.displayName === 'Petra Patientson',
  )?.patientRecordId;
  // Several readers, for one alone would meet the rate limit.
  const readers = Array.from({ length: 20 }, () => ({
    ...clinician,
    accountId: randomUUID(),
  })) as SeedAccount[];
  const seeding = await openEngine(
    readEngineSettings(environment),
    createLogger({ app: 'engine', destination: { write: () => undefined } }),
  );
  await applySeed(seeding.engine, { ...plan, accounts: [...plan.accounts, ...readers] });
  await seeding.close();

  const key = generateSigningKey('cordon.test/killed');
  const keyFile = join(folder, 'log-signing.key');
  await writeFile(keyFile, formatSigningKey(key), { mode: 0o600 });
  const engine = new Restarted(inRepository('apps/engine/main.ts'), environment);
  const sequencer = new Restarted(inRepository('apps/sequencer/main.ts'), {
    ...stores.environment(['sequencer']),
    CORDON_LOG_SIGNING_KEY_FILE: keyFile,
    CORDON_LOG_DIR: join(folder, 'log'),
    NODE_COMPILE_CACHE: join(folder, 'compiled'),
  });
  engine.start();
  sequencer.start();

  const answered: string[] = [];
  /** When the youngest read began that was answered. */
  let servedFrom = 0;
  let reading = true;
  const read = async (account: SeedAccount): Promise<void> => {
    const authorization = `Bearer ${await issuer.token(account)}`;
    while (reading) {
      // Without digits: some sixteen of them read as a card number, and such an id is not taken.
      const requestId = randomUUID().replace(/\d/g, (digit) => 'abcdefabcd'.charAt(Number(digit)));
      const begun = performance.now();
      await fetch(`http://127.0.0.1:${basePort}/v1/patients/${patientId ?? ''}`, {
        headers: { authorization, 'x-request-id': requestId },
        signal: AbortSignal.timeout(5_000),
      })
        .then(async (response) => {
          const body = (await response.json()) as { profile?: object };
          if (response.status !== 200 || !body.profile) return;
          answered.push(requestId);
          servedFrom = Math.max(servedFrom, begun);
        })
        .catch(() => undefined);
      await sleep(120);
    }
  };
  const reads = readers.map(read);
  const kills = { engine: 0, sequencer: 0, server: 0, backend: 0 };
  const killers: Readonly<Record<keyof typeof kills, () => Promise<void>>> = {
    engine: async () => {
      await engine.end('SIGKILL');
      engine.start();
    },
    sequencer: async () => {
      await sequencer.end('SIGKILL');
      sequencer.start();
    },
    // PostgreSQL whole, and one of its processes: it then ends the others itself, and recovers from its log.
    server: cluster.killServer,
    backend: () => killBackend(stores.admin('audit')),
  };
  const servesAgain = async (): Promise<void> => {
    const asked = performance.now();
    for (let wait = 0; wait < 2_400 && servedFrom <= asked; wait += 1) await sleep(50);
    if (servedFrom <= asked)
      throw new Error(`service did not resume within two minutes: ${JSON.stringify(kills)}`);
  };
  try {
    await servesAgain();
    for (const victim of drawVictims(rounds)) {
      await sleep(100 + Math.random() * 500);
      await killers[victim]();
      kills[victim] += 1;
      await servesAgain();
    }
    reading = false;
    await Promise.all(reads);
    await engine.end('SIGTERM');
    const counted = await waitForLeaves(stores.admin('audit'), answered);
    await sequencer.end('SIGTERM');
    const verified = await verifyStore({
      database: () => ({ ...stores.connection('audit', 'audit_verifier'), options: entrySession }),
      logFolder: join(folder, 'log'),
      trust: { origin: key.verifierKey.name, logKeys: [key.verifierKey] },
    });
    return { kills, answered, ...counted, verified };
  } finally {
    reading = false;
    await Promise.all(reads);
    await engine.end('SIGKILL');
    await sequencer.end('SIGKILL');
    issuer.close();
    await secrets.remove();
    await stores.drop();
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** As many of each as of the others, one more or less, in any order. */
function drawVictims(rounds: number): ('engine' | 'sequencer' | 'server' | 'backend')[] {
  const turn = ['engine', 'server', 'sequencer', 'engine', 'backend', 'sequencer'] as const;
  const victims = Array.from({ length: rounds }, (_, round) => turn[round % turn.length] ?? 'engine');
  for (let left = victims.length - 1; left > 0; left -= 1) {
    const other = Math.floor(Math.random() * (left + 1));
    [victims[left], victims[other]] = [victims[other] ?? 'engine', victims[left] ?? 'engine'];
  }
  return victims;
}

/** Any process of the server but its first: one that serves a client, the checkpointer, the writer of the log. */
async function killBackend(administrator: pg.ClientConfig): Promise<void> {
  const client = await connectAgain(administrator);
  const { rows } = await client.query<{ pid: number }>(
    'SELECT pid FROM pg_stat_activity ORDER BY random() LIMIT 1',
  );
  try {
    if (rows[0] !== undefined) process.kill(rows[0].pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
  await client.end().catch(() => undefined);
}

/** A server that recovers lets nobody in for a moment. */
async function connectAgain(administrator: pg.ClientConfig): Promise<pg.Client> {
  for (let attempt = 1; ; attempt += 1) {
    const client = new pg.Client(administrator);
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (attempt === 600) throw error;
      await sleep(100);
    }
  }
}

async function waitForLeaves(
  administrator: pg.ClientConfig,
  answered: readonly string[],
): Promise<Pick<KillReport, 'withoutEntry' | 'entries' | 'distinctEntries'>> {
  const client = await connectAgain(administrator);
  try {
    for (let wait = 0; wait < 1_200; wait += 1) {
      const { rows } = await client.query<{ left: number }>(
        'SELECT count(*)::int AS left FROM audit.audit_logs a WHERE NOT EXISTS (SELECT FROM audit.audit_leaves l WHERE l.entry_id = a.id)',
      );
      if (rows[0]?.left === 0) break;
      await sleep(50);
    }
    const { rows: counts } = await client.query<{ entries: number; distinct_entries: number }>(
      'SELECT count(*)::int AS entries, count(DISTINCT id)::int AS distinct_entries FROM audit.audit_logs',
    );
    const { rows: missing } = await client.query<{ request_id: string }>(
      `SELECT r.request_id FROM unnest($1::text[]) AS r (request_id)
       WHERE (SELECT count(*) FROM audit.audit_logs a WHERE a.request_id = r.request_id AND a.action = 'record.opened') <> 1`,
      [answered],
    );
    return {
      withoutEntry: missing.map((row) => row.request_id),
      entries: counts[0]?.entries ?? 0,
      distinctEntries: counts[0]?.distinct_entries ?? 0,
    };
  } finally {
    await client.end();
  }
}
