import { randomUUID } from 'node:crypto';
import { createRateLimit } from '@cordon/web-guard';
import { cloneDatabases, type TestClusterInfo } from '@cordon/stores/testing';
import pg from 'pg';
import { runEngineOn, type TestEngine } from '../../testing/engine/run-engine-on.ts';
import type { BenchRow } from '../row.ts';

/**
 * A patient written and read through the API, beside the same engine over a store whose two cipher functions give back what
 * they are given: token, policy, audit, row security and keys cost the same on both sides.
 */
export async function benchWholePath(cluster: TestClusterInfo, times: number): Promise<BenchRow[]> {
  const engines = { encrypted: await start(cluster, false), plain: await start(cluster, true) };
  const measured = { write: { encrypted: 0, plain: 0 }, read: { encrypted: 0, plain: 0 } };
  try {
    for (let turn = 0; turn < times + 20; turn += 1)
      for (const side of ['encrypted', 'plain'] as const) {
        const begun = performance.now();
        const id = await write(engines[side]);
        const written = performance.now();
        await read(engines[side], id);
        if (turn < 20) continue;
        measured.write[side] += written - begun;
        measured.read[side] += performance.now() - written;
      }
  } finally {
    await engines.encrypted.close();
    await engines.plain.close();
  }
  return (['write', 'read'] as const).map((action) => {
    const value = (times / measured[action].encrypted) * 1_000;
    const baseline = (times / measured[action].plain) * 1_000;
    return {
      name: `patient ${action}, whole path, encrypted`,
      value,
      unit: 'requests/s',
      baseline: `the same engine over a store that does not encrypt: ${baseline.toFixed(0)}/s`,
      ratio: value / baseline,
    };
  });
}

async function start(cluster: TestClusterInfo, plain: boolean): Promise<TestEngine> {
  const stores = await cloneDatabases(cluster);
  if (plain) {
    const admin = new pg.Client(stores.admin('clinical'));
    await admin.connect();
    await admin.query(`ALTER DOMAIN cordon.ciphertext DROP CONSTRAINT salted_aes256_with_integrity`);
    await admin.query(`ALTER DOMAIN cordon.ciphertext DROP CONSTRAINT one_protected_packet`);
    await admin.query(
      `CREATE OR REPLACE FUNCTION cordon.seal_cell(body bytea, key text) RETURNS bytea LANGUAGE sql VOLATILE PARALLEL SAFE RETURN body`,
    );
    await admin.query(
      `CREATE OR REPLACE FUNCTION pgcrypto.pgp_sym_decrypt_bytea(bytea, text) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN $1`,
    );
    await admin.end();
  }
  return runEngineOn(stores, undefined, {
    rateLimit: createRateLimit({ store: { take: () => ({ allowed: true }) } }),
  });
}

async function write(engine: TestEngine): Promise<string> {
  const receptionist = engine.account('receptionist');
  const answer = await engine.send(receptionist, '/v1/patients', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify({
      clinicId: receptionist.clinicIds[0],
      fullName: 'Bench Person',
      dateOfBirth: '1980-01-02',
      phone: '01632 960123',
      email: 'bench@example.com',
      address: '1 High Street, Leeds LS1 1AA',
    }),
  });
  if (answer.status !== 201) throw new Error(`${answer.status}: ${await answer.text()}`);
  return ((await answer.json()) as { id: string }).id;
}

async function read(engine: TestEngine, id: string): Promise<void> {
  const answer = await engine.send(engine.account('clinician'), `/v1/patients/${id}`);
  const text = await answer.text();
  if (answer.status !== 200 || !text.includes('Bench Person')) throw new Error(`${answer.status}: ${text}`);
}
