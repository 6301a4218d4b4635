import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkEntryProof } from '@cordon/audit-log';
import { entrySession } from '@cordon/audit-log/postgres';
import { createLogger } from '@cordon/service';
import { formatVerifierKey, generateSigningKey } from '@cordon/transparency-log';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { proveEntry } from '../../apps/cli/src/audit/prove.ts';
import type { AuditSettings } from '../../apps/cli/src/audit/settings.ts';
import { verifyStore } from '../../apps/cli/src/audit/verify.ts';
import { readWitnesses } from '../../apps/sequencer/src/settings.ts';
import type { WitnessAddress } from '../../apps/sequencer/src/witnesses.ts';
import { startWitness, type RunningWitness } from '../../apps/witness/src/start-witness.ts';
import { findFreeBasePort } from '../end-to-end/find-ports.ts';
import { openAuditStore, type TestAuditStore } from './audit-store.ts';

const witnessKey = generateSigningKey('witness.test/w1', 'cosignature');
let store: TestAuditStore;
let folder: string;
let witness: RunningWitness;
let address: WitnessAddress[];
let settings: AuditSettings;
let port: number;

beforeEach(async () => {
  port = await findFreeBasePort();
  store = await openAuditStore();
  folder = await mkdtemp(join(tmpdir(), 'cordon-witness-'));
  const { verifierKey } = store.key;
  witness = await startWitness(
    {
      host: '127.0.0.1',
      port,
      key: witnessKey,
      logs: new Map([[verifierKey.name, [verifierKey]]]),
      folder,
    },
    createLogger({ app: 'witness', destination: { write: () => undefined } }),
  );
  address = readWitnesses(`${witness.url} ${formatVerifierKey(witnessKey.verifierKey)}\n`);
  settings = {
    database: () => ({ ...store.stores.connection('audit', 'audit_verifier'), options: entrySession }),
    logFolder: store.folder,
    trust: { origin: verifierKey.name, logKeys: [verifierKey], witnessKeys: [witnessKey.verifierKey] },
  };
});
afterEach(async () => {
  await witness.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

async function sequence(count: number): Promise<string[]> {
  const ids = await store.append(count);
  await store.sequenceAll(address);
  return ids;
}

it('cosigns each kept checkpoint, and the proof of an entry carries it', async () => {
  await sequence(40);
  const [id = ''] = await sequence(300);
  expect(await verifyStore(settings)).toMatchObject({
    findings: [],
    witnessed: [{ name: 'witness.test/w1', size: 340 }],
  });
  const proof = await proveEntry(settings, id);
  expect(checkEntryProof(proof, 'x.tlog-proof', settings.trust)).toMatchObject({ entry: { id }, size: 340 });
  const nobody = generateSigningKey('witness.test/w2', 'cosignature').verifierKey;
  const stricter = { ...settings.trust, witnessKeys: [witnessKey.verifierKey, nobody] };
  expect(() => checkEntryProof(proof, 'x.tlog-proof', stricter)).toThrow('quorum-missing');
  await expect(proveEntry({ ...settings, trust: stricter }, id)).rejects.toMatchObject({
    code: 'audit-entry-unwitnessed',
  });
});

it('does not hold the log up while it is away, and catches up when it is back', async () => {
  await witness.close();
  await sequence(5);
  expect((await verifyStore(settings)).findings).toMatchObject([{ kind: 'not-witnessed' }]);
  expect(store.log()).toContain('a witness did not cosign');
  witness = await startWitness(
    {
      host: '127.0.0.1',
      port,
      key: witnessKey,
      logs: new Map([[store.key.verifierKey.name, [store.key.verifierKey]]]),
      folder,
    },
    createLogger({ app: 'witness', destination: { write: () => undefined } }),
  );
  await sequence(5);
  expect((await verifyStore(settings)).witnessed).toEqual([{ name: 'witness.test/w1', size: 10 }]);
});

it('cosigns no second history, which store and signing key together could make', async () => {
  await sequence(20);
  const kept = await readFile(join(store.folder, 'checkpoint'));
  // Somebody who holds the store and the key begins the log anew, with other entries.
  await store.query('ALTER TABLE audit.audit_logs DISABLE RULE no_delete');
  const partitions = await store.query<{ name: string }>(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'audit.audit_logs'::regclass`,
  );
  for (const name of ['audit.audit_leaves', 'audit.checkpoints', ...partitions.map((each) => each.name)])
    await store.query(
      `ALTER TABLE ${name} DISABLE RULE no_delete; DELETE FROM ${name}; ALTER TABLE ${name} ENABLE ALWAYS RULE no_delete`,
    );
  await rm(store.folder, { recursive: true });
  await sequence(30);
  expect(store.log()).toContain('a witness saw another tree than this one');
  expect((await verifyStore(settings)).findings).toMatchObject([{ kind: 'not-witnessed' }]);
  await writeFile(join(folder, 'kept'), kept);
  const { findings } = await verifyStore(settings, [join(folder, 'kept')]);
  expect(findings[0]).toMatchObject({ kind: 'forked' });
});
