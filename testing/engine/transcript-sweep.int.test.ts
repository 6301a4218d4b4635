import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { compilePolicy } from '@cordon/access-policy';
import { scheduleSweeps } from '../../apps/engine/src/features/object-sweep/index.ts';
import { sweepTranscripts } from '../../apps/engine/src/features/transcript-sweep/index.ts';
import { systemContext } from '../../apps/engine/src/stores/system-context.ts';
import { runEngine, type SeedAccount, type TestEngine } from './run-engine.ts';
import { setStoreOpen } from './set-store-open.ts';

type Store = 'clinical' | 'marketing';
const triage = 'purpose.chat.triage.assist';
const visitors = 'purpose.chat.marketing.general';
const cell = `cordon.seal_cell('\\x00112233445566778899aabbccddeeff416461', 'k')`;

let engine: TestEngine;
let admin: Record<Store | 'audit', pg.Client>;
let petra: SeedAccount;
let rita: SeedAccount;

beforeAll(async () => {
  engine = await runEngine();
  const open = async (store: string) => {
    const client = new pg.Client(engine.stores.admin(store));
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  admin = {
    clinical: await open('clinical'),
    marketing: await open('marketing'),
    audit: await open('audit'),
  };
  petra = engine.account('Petra Patientson');
  rita = engine.account('Rita Riverson');
  // The sweeps that the engine left by itself for both new tenants are over: one transaction leaves all of a tenant's.
  await vi.waitFor(
    async () => {
      expect(engine.logLines().match(/"objects swept"/g)?.length).toBe(engine.plan.tenants.length);
      const waiting = "SELECT FROM graphile_worker.jobs WHERE task_identifier = 'sweep-transcripts'";
      expect((await admin.clinical.query(waiting)).rowCount).toBe(0);
    },
    { timeout: 30_000, interval: 100 },
  );
});
afterAll(async () => {
  await Promise.all(Object.values(admin).map((client) => client.end()));
  await engine.close();
});
beforeEach(async () => {
  await admin.clinical.query('DELETE FROM clinical.chat_transcript_versions');
  await admin.clinical.query('DELETE FROM clinical.chat_transcripts');
  await admin.clinical.query('DELETE FROM clinical.legal_holds');
  await admin.clinical.query('DELETE FROM clinical.restrictions');
  await admin.marketing.query('DELETE FROM marketing.public_chats');
});

/** Ages are intervals of PostgreSQL. */
async function keepConversation(patient: SeedAccount, begun: string, changed = begun, purpose = triage): Promise<string> {
  const id = randomUUID();
  const values = [patient.tenantId, id, patient.clinicIds[0], patient.patientRecordId, purpose, begun, changed];
  const columns = `tenant_id, clinic_id, patient_id, purpose_id, key_id, transcript, started_at, updated_at`;
  const row = `$1, $3, $4, $5, 'k', ${cell}, now() - $6::interval, now() - $7::interval`;
  await admin.clinical.query(`INSERT INTO clinical.chat_transcripts (${columns}, id) VALUES (${row}, $2)`, values);
  await admin.clinical.query(
    `INSERT INTO clinical.chat_transcript_versions (${columns}, id, record_id, state, version) VALUES (${row}, gen_random_uuid(), $2, 'open', 1)`,
    values,
  );
  return id;
} // prettier-ignore

async function keepVisit(tenantId: string, begun: string, changed: string | null = begun, purpose: string | null = visitors): Promise<string> {
  const id = randomUUID();
  await admin.marketing.query(
    `INSERT INTO marketing.public_chats (tenant_id, id, key_id, transcript, started_at, updated_at, purpose_id)
     VALUES ($1, $2, 'k', ${cell}, now() - $3::interval, now() - $4::interval, $5)`,
    [tenantId, id, begun, changed, purpose],
  );
  return id;
} // prettier-ignore

const idsIn = async (store: Store, table: string, column = 'id'): Promise<string[]> =>
  (await admin[store].query<{ id: string }>(`SELECT ${column} AS id FROM ${store}.${table} ORDER BY started_at, 1`)).rows.map(
    ({ id }) => id,
  ); // prettier-ignore
const left = async () => ({
  conversations: await idsIn('clinical', 'chat_transcripts'),
  versions: await idsIn('clinical', 'chat_transcript_versions', 'record_id'),
  visits: await idsIn('marketing', 'public_chats'),
});
const told = async (): Promise<string[]> =>
  (
    await admin.audit.query<{ told: string }>(
      `SELECT concat_ws(' ', i.data_class_ids[1], i.record_count, i.reason_code, o.outcome) AS told
       FROM audit.audit_logs i LEFT JOIN audit.audit_logs o ON o.intent_id = i.id
       WHERE i.action = 'transcripts.swept' AND i.outcome = 'intent' ORDER BY i.at`,
    )
  ).rows.map((row) => row.told);
const context = () => engine.running.engine;

/** The engine under a configuration in which the policies of transcripts last for so long. */
function engineUnder(maxDuration: string) {
  const files = structuredClone(context().policy().files);
  for (const policy of files.retentionAndAccess.retentionPolicies)
    if (policy.id.startsWith('retention.chat.')) Object.assign(policy, { maxDuration, autoAnonymiseAfter: maxDuration });
  const policy = compilePolicy(files);
  return { ...context(), policy: () => policy };
} // prettier-ignore

/** What injected SQL in the job could ask for. */
async function deleteAllAsJob(): Promise<void> {
  const { stores } = context();
  for (const table of ['clinical.chat_transcript_versions', 'clinical.chat_transcripts'])
    await stores.withTenantJob(petra.tenantId, (transaction) => transaction.query(`DELETE FROM ${table}`));
}

describe('the sweep of conversations', () => {
  it('deletes those whose retention has ended since they were last gone on with, with what stood there before, and says how many', async () => {
    await keepConversation(petra, '2 years 2 days');
    await keepConversation(petra, '5 years', '2 years 1 day', 'purpose.chat.no.longer.configured');
    await keepVisit(petra.tenantId, '25 months');
    await keepVisit(petra.tenantId, '26 months', null, null);
    const young = [
      await keepConversation(petra, '4 years', '2 years -1 days'),
      await keepConversation(petra, '1 year'),
    ];
    const river = await keepConversation(rita, '3 years');
    const visits = [
      await keepVisit(petra.tenantId, '25 months', '23 months'),
      await keepVisit(petra.tenantId, '23 months', null, null),
    ];
    const riverVisit = await keepVisit(rita.tenantId, '36 months');
    const before = await told();
    expect(await sweepTranscripts(context(), petra.tenantId)).toBe(4);
    const kept = [young[0], river, young[1]];
    expect(await left()).toEqual({
      conversations: kept,
      versions: kept,
      visits: [riverVisit, ...visits],
    });
    const both = ['chatTranscriptPHI', 'chatTranscriptNonPHI'].map(
      (name) => `${name} 2 retention-ended success`,
    );
    await expect.poll(async () => (await told()).slice(before.length)).toEqual(both);
    expect(await sweepTranscripts(context(), petra.tenantId)).toBe(0);
    expect((await told()).length).toBe(before.length + 2);
  });

  it('goes by the configuration in force, and not below a day whatever that says', async () => {
    const old = await keepConversation(petra, '9 days');
    const visit = await keepVisit(petra.tenantId, '9 days');
    const [today, visitToday] = [
      await keepConversation(petra, '12 hours'),
      await keepVisit(petra.tenantId, '12 hours'),
    ];
    expect(await sweepTranscripts(engineUnder('P10D'), petra.tenantId)).toBe(0);
    expect(await left()).toMatchObject({ conversations: [old, today], visits: [visit, visitToday] });
    expect(await sweepTranscripts(engineUnder('P0D'), petra.tenantId)).toBe(2);
    expect(await left()).toEqual({ conversations: [today], versions: [today], visits: [visitToday] });
  });

  it.each(['legal_holds', 'restrictions'])('keeps what is of a patient with %s, until they are lifted', async (table) => {
    const held = await keepConversation(petra, '3 years');
    await admin.clinical.query(
      `INSERT INTO clinical.${table} (tenant_id, id, clinic_id, patient_id, key_id, reason, placed_by)
       VALUES ($1, gen_random_uuid(), $2, $3, 'k', ${cell}, gen_random_uuid())`,
      [petra.tenantId, petra.clinicIds[0], petra.patientRecordId],
    );
    expect(await sweepTranscripts(context(), petra.tenantId)).toBe(0);
    await deleteAllAsJob();
    expect(await left()).toMatchObject({ conversations: [held], versions: [held] });
    await admin.clinical.query(`UPDATE clinical.${table} SET lifted_at = now()`);
    expect(await sweepTranscripts(context(), petra.tenantId)).toBe(1);
    expect(await left()).toMatchObject({ conversations: [], versions: [] });
  }); // prettier-ignore

  it('cannot delete what is young or another tenant’s, whatever it asks row security for', async () => {
    const young = await keepConversation(petra, '3 years', '23 hours');
    const river = await keepConversation(rita, '3 years');
    const visit = await keepVisit(petra.tenantId, '23 hours');
    const riverVisit = await keepVisit(rita.tenantId, '3 years');
    const { pools } = context().stores;
    const job = systemContext(petra.tenantId);
    await deleteAllAsJob();
    await pools.engine_marketing.within(job, (transaction) => transaction.query('DELETE FROM marketing.public_chats'));
    // Nor does a request, however old it is.
    const caller = { ...systemContext(rita.tenantId), role: 'role.admin' };
    await pools.engine_marketing.within(caller, (transaction) => transaction.query('DELETE FROM marketing.public_chats'));
    const conversations = [river, young];
    expect((await left()).conversations.toSorted()).toEqual(conversations.toSorted());
    expect((await left()).versions.toSorted()).toEqual(conversations.toSorted());
    expect(await left()).toMatchObject({ visits: [riverVisit, visit] });
  }); // prettier-ignore

  it('is left as a job for each tenant', async () => {
    await keepConversation(petra, '3 years');
    await keepVisit(petra.tenantId, '3 years');
    await scheduleSweeps(context().stores)([petra.tenantId]);
    await expect.poll(left).toEqual({ conversations: [], versions: [], visits: [] });
  });

  it('deletes nothing of a step in which one was gone on with since it was found, and says so', async () => {
    await keepConversation(petra, '3 years');
    const resumed = await keepConversation(petra, '3 years');
    const before = await told();
    const append: TestEngine['running']['engine']['audit']['append'] = async (entries) => {
      if (entries[0]?.outcome === 'intent')
        await admin.clinical.query('UPDATE clinical.chat_transcripts SET updated_at = now() WHERE id = $1', [resumed]);
      return context().audit.append(entries);
    };
    await expect(sweepTranscripts({ ...context(), audit: { append } }, petra.tenantId)).rejects.toThrow();
    expect((await left()).conversations).toHaveLength(2);
    expect((await left()).versions).toHaveLength(2);
    expect((await told()).slice(before.length)).toEqual(['chatTranscriptPHI 2 retention-ended failure']);
    expect(await sweepTranscripts(context(), petra.tenantId)).toBe(1);
    expect(await left()).toMatchObject({ conversations: [resumed], versions: [resumed] });
  }); // prettier-ignore

  it('deletes nothing while the audit store is away, and then takes it up', async () => {
    const id = await keepConversation(petra, '3 years');
    const visit = await keepVisit(petra.tenantId, '3 years');
    await setStoreOpen(engine, 'audit', false);
    try {
      await expect(sweepTranscripts(context(), petra.tenantId)).rejects.toMatchObject({ code: 'audit-unavailable' });
      expect(await left()).toEqual({ conversations: [id], versions: [id], visits: [visit] });
    } finally {
      await setStoreOpen(engine, 'audit', true);
    }
    await expect.poll(() => sweepTranscripts(context(), petra.tenantId).catch(() => 0)).toBe(2);
    expect(await left()).toEqual({ conversations: [], versions: [], visits: [] });
  }); // prettier-ignore
});
