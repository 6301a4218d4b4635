import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, type Closable } from '@cordon/service';
import type { StoreClones } from '@cordon/stores/testing';
import { generateSigningKey, type SigningKey } from '@cordon/transparency-log';
import pg from 'pg';
import { vi } from 'vitest';
import { startSequencer, type SequencerOptions } from '../../apps/sequencer/src/start-sequencer.ts';
import type { WitnessAddress } from '../../apps/sequencer/src/witnesses.ts';
import { cloneStores } from '../stores.ts';

/** An audit store of a test file's own, with a writer, a superuser and as many sequencers as the test asks for. */
export interface TestAuditStore {
  readonly stores: StoreClones;
  readonly key: SigningKey;
  readonly folder: string;
  readonly admin: pg.Client;
  readonly log: () => string;
  /** Appends through identity's append function, one transaction a call. Answers the ids. */
  append(count: number, tenantId?: string): Promise<string[]>;
  sequencer(
    options?: SequencerOptions,
    copies?: readonly string[],
    witnesses?: readonly WitnessAddress[],
  ): Closable;
  leafCount(): Promise<number>;
  /** Appends and drops nothing; waits until every row has its leaf and a checkpoint covers them. */
  sequenceAll(witnesses?: readonly WitnessAddress[]): Promise<void>;
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export function signInEntry(tenantId: string | null, id: string = randomUUID()): Record<string, unknown> {
  return {
    id,
    tenant_id: tenantId,
    actor_subject: randomUUID(),
    initiator_type: 'user',
    action: 'sign-in.completed',
    data_class_ids: ['portalAccount'],
    decision: 'permit',
    reason_code: 'granted',
    outcome: 'none',
    request_id: 'test-request',
    client_address: '192.0.2.7',
  };
}

export async function openAuditStore(): Promise<TestAuditStore> {
  const stores = await cloneStores(['audit']);
  const folder = await mkdtemp(join(tmpdir(), 'cordon-log-'));
  const admin = new pg.Client(stores.admin('audit'));
  const writer = new pg.Client(stores.connection('audit', 'identity_audit'));
  await admin.connect();
  await writer.connect();
  const key = generateSigningKey('cordon.test/audit');
  let log = '';
  const logger = createLogger({
    app: 'sequencer',
    destination: { write: (line: string) => void (log += line) },
  });
  const query = async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await admin.query<Row>(text, values)).rows;
  const store: TestAuditStore = {
    stores,
    key,
    folder,
    admin,
    log: () => log,
    async append(count, tenantId = randomUUID()) {
      const entries = Array.from({ length: count }, () => signInEntry(tenantId));
      await writer.query('SELECT audit.append_entries($1)', [JSON.stringify(entries)]);
      return entries.map((entry) => String(entry['id']));
    },
    sequencer: (options = {}, copies = [], witnesses = []) =>
      startSequencer(
        {
          database: stores.connection('audit', 'sequencer'),
          signingKey: key,
          folder,
          copies,
          buckets: [],
          witnesses,
          keepYears: 7,
        },
        logger,
        { pollMs: 20, keepEveryMs: 0, ...options },
      ),
    async leafCount() {
      const [row] = await query<{ count: string }>('SELECT count(*) FROM audit.audit_leaves');
      return Number(row?.count);
    },
    async sequenceAll(witnesses = []) {
      const sequencer = store.sequencer({ retentionEveryMs: Infinity }, [], witnesses);
      const [row] = await query<{ count: string }>('SELECT count(*) FROM audit.audit_logs');
      const isDone = async (): Promise<boolean> => (await store.leafCount()) >= Number(row?.count);
      await vi.waitUntil(isDone, { timeout: 60_000, interval: 20 });
      await sequencer.close();
    },
    query,
    async close() {
      await admin.end();
      await writer.end();
      await rm(folder, { recursive: true, force: true });
      await stores.drop();
    },
  };
  return store;
}
