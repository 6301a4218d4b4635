import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openLogFolder } from '@cordon/audit-log';
import { entrySession } from '@cordon/audit-log/postgres';
import { openCheckpoint, type SigningKey } from '@cordon/transparency-log';
import pg from 'pg';
import { verifyStore } from '../../apps/cli/src/audit/verify.ts';
import { readLeafHashes, readState, sequencePass } from '../../apps/sequencer/src/leaf-store.ts';
import { takeUpLog } from '../../apps/sequencer/src/published-log.ts';
import { createPublishPace } from '../../apps/sequencer/src/publish-pace.ts';
import type { StoreClones } from '../../packages/stores/testing.ts';
import { formatCount, type BenchRow } from '../row.ts';

/** Leaves a second with tiles and a signed checkpoint at the end, and entries verified a second, both from the store. */
export async function measureSequencing(
  stores: StoreClones,
  options: { entries: number; folder: string; key: SigningKey },
): Promise<BenchRow[]> {
  const { entries, folder, key } = options;
  const admin = new pg.Client(stores.admin('audit'));
  const openClient = () =>
    new pg.Client({ ...stores.connection('audit', 'sequencer'), options: entrySession });
  const connections = { reader: openClient(), writer: openClient() };
  await Promise.all([admin, connections.reader, connections.writer].map((client) => client.connect()));
  try {
    // A transaction for each thousand rows, as batches of the append function are.
    for (let written = 0; written < entries; written += 1000)
      await admin.query(
        `INSERT INTO audit.audit_logs (id, at, tenant_id, actor_subject, actor_role, initiator_type, action, resource_type,
         resource_id, data_class_ids, patient_pseudonym, decision, reason_code, outcome, request_id, written_by, salt)
       SELECT gen_random_uuid(), now(), gen_random_uuid(), gen_random_uuid(), 'role.clinician', 'user', 'record.opened',
         'Patient', gen_random_uuid(), '{patientProfile}', gen_random_uuid(), 'permit', 'granted', 'none', 'bench',
         'engine_audit', sha256(int8send($1 + n)) FROM generate_series(1, 1000) n`,
        [written],
      );
    await admin.query('ANALYZE audit.audit_logs');
    const insertRate = await timed(entries, () =>
      admin.query(
        `CREATE TABLE public.plain_leaves AS SELECT row_number() OVER () AS leaf_index, id AS entry_id, at AS entry_at,
           sha256(salt) AS leaf_hash FROM audit.audit_logs`,
      ),
    );
    let leaves = 0;
    const sequenceRate = await timed(1, async () => {
      const state = await readState(connections.reader);
      const log = await takeUpLog(openLogFolder(folder), key, state.size, (from, count) =>
        readLeafHashes(connections.reader, from, count),
      );
      const pace = createPublishPace(async () => {
        await log.publish(false);
      });
      for await (const { leafHashes } of sequencePass(connections, state, 5_000)) {
        for (const hash of leafHashes) log.builder.append(hash);
        pace.offer();
      }
      await pace.settle();
      leaves = log.builder.size;
      await log.publish(true);
    });
    await admin.query('ANALYZE audit.audit_leaves');
    const trust = { origin: key.verifierKey.name, logKeys: [key.verifierKey] };
    openCheckpoint(await readFile(join(folder, 'checkpoint')), trust);
    const readRate = await timed(leaves, () => admin.query('SELECT * FROM audit.audit_logs'));
    const database = () => ({ ...stores.connection('audit', 'audit_verifier'), options: entrySession });
    let found = 0;
    const verifyRate = await timed(leaves, async () => {
      const report = await verifyStore({ database, logFolder: folder, trust });
      found = report.findings.length;
    });
    if (found > 0) throw new Error(`verification found ${found} faults`);
    return [
      {
        name: `sequencer: ${formatCount(leaves)} entries to leaves, tiles, checkpoint`,
        value: sequenceRate * leaves,
        unit: 'leaves/s',
        baseline: `CREATE TABLE AS in the server alone, no index, ${formatCount(insertRate)}/s`,
        ratio: (sequenceRate * leaves) / insertRate,
      },
      {
        name: `cordon audit verify, ${formatCount(leaves)} entries of a store`,
        value: verifyRate,
        unit: 'entries/s',
        baseline: `SELECT * of the same rows through pg, ${formatCount(readRate)}/s`,
        ratio: verifyRate / readRate,
      },
    ];
  } finally {
    await Promise.all([admin, connections.reader, connections.writer].map((client) => client.end()));
  }
}

async function timed(count: number, work: () => Promise<unknown>): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return count / (Number(process.hrtime.bigint() - start) / 1e9);
}
