import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cloneDatabases, type TestCluster } from '@cordon/stores/testing';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rotatePatientKey } from '../../apps/engine/src/keys/rotate-patient-key.ts';
import { ask, forgetKeys, keyWorkOf } from './key-jobs.ts';
import { runEngineOn, type TestEngine } from './run-engine-on.ts';
import { startOwnCluster } from '../start-cluster.ts';

let cluster: TestCluster;
let engine: TestEngine;
const released: string[] = [];

/** A server of its own that collects statements, as managed ones do. */
beforeAll(async () => {
  cluster = await startOwnCluster({ preloaded: ['pg_stat_statements'] });
  engine = await runEngineOn(await cloneDatabases(cluster.info));
  await ask(engine, 'clinical', 'CREATE EXTENSION pg_stat_statements');
  await useKeys();
});
afterAll(async () => {
  await engine.close();
  await cluster.stop();
});

const petra = () => engine.account('Petra Patientson').patientRecordId ?? '';

/** The key that is in use, in the forms in which it might stand somewhere. */
async function noteKey(): Promise<void> {
  const { patientKeys, audit } = engine.running.engine;
  const { tenantId } = engine.account('clinician');
  const patientPseudonym = (await patientKeys.pseudonyms(tenantId, [petra()])).get(petra());
  const receipt = await audit.append([
    {
      id: crypto.randomUUID(), tenantId, initiatorType: 'system', action: 'record.opened', dataClassIds: ['patientProfile'],
      patientPseudonym, decision: 'permit', reasonCode: 'granted', outcome: 'none',
    },
  ]); // prettier-ignore
  const key = (await patientKeys.load(tenantId, [petra()], receipt)).get(petra())?.key ?? Buffer.alloc(0);
  expect(key).toHaveLength(32);
  released.push(key.toString('base64'), key.toString('hex'));
}

/** Reads, changes and rotates: every statement that carries a key. */
async function useKeys(): Promise<void> {
  await noteKey();
  const clinician = engine.account('clinician');
  const path = `/v1/patients/${petra()}`;
  const read = await engine.send(clinician, path);
  expect(read.status).toBe(200);
  const changed = await engine.send(engine.account('receptionist'), path, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json', 'if-match': read.headers.get('etag') ?? '' },
    body: JSON.stringify({ fullName: 'Petra Patientdaughter' }),
  });
  expect(changed.status, await changed.text()).toBeLessThan(300);
  await rotatePatientKey(keyWorkOf(engine), clinician.tenantId, petra());
  forgetKeys(engine);
  await noteKey();
  expect(new Set(released).size).toBe(4);
}

function expectNoKey(text: string, where: string): void {
  for (const key of released) expect(text.includes(key), where).toBe(false);
}

it('stands in no statement that the server collected, of which there are many', async () => {
  const statements = await ask<{ query: string }>(engine, 'clinical', 'SELECT query FROM pg_stat_statements');
  for (const wanted of ['pgp_sym_decrypt_bytea', 'cordon.seal_cell', 'clinical.reseal_patient'])
    expect(
      statements.some(({ query }) => query.includes(wanted)),
      wanted,
    ).toBe(true);
  expectNoKey(JSON.stringify(statements), 'pg_stat_statements');
  // The search can find one: a key in a statement's text is collected with it where the statement is of a utility's kind.
  await ask(engine, 'clinical', `DO $$ BEGIN PERFORM '${released[0] ?? ''}'; END $$`);
  const after = await ask<{ query: string }>(engine, 'clinical', 'SELECT query FROM pg_stat_statements');
  expect(after.some(({ query }) => query.includes(released[0] ?? ''))).toBe(true);
});

it('stands in no session that others can look at while its statement runs, in no setting and not in the log', async () => {
  const busy = new pg.Client(engine.stores.connection('clinical', 'engine_clinical'));
  await busy.connect();
  try {
    const running = busy.query('SELECT pgcrypto.pgp_sym_encrypt_bytea($1, $2), pg_sleep(1)', [
      Buffer.from('text'),
      released[0],
    ]);
    let seen: { query: string }[] = [];
    while (!seen.some(({ query }) => query.includes('pg_sleep')))
      seen = await ask(
        engine,
        'clinical',
        `SELECT query FROM pg_stat_activity WHERE pid <> pg_backend_pid()`,
      );
    expectNoKey(JSON.stringify(seen), 'pg_stat_activity');
    await running;
  } finally {
    await busy.end();
  }
  expectNoKey(
    JSON.stringify(await ask(engine, 'clinical', 'SELECT name, setting, reset_val FROM pg_settings')),
    'settings',
  );
  const [place] = await ask<{ data: string }>(
    engine,
    'clinical',
    `SELECT current_setting('data_directory') AS data`,
  );
  expectNoKey(
    await readFile(join(dirname(dirname(place?.data ?? '')), 'postgresql.log'), 'utf8'),
    'the server log',
  );
  expectNoKey(engine.logLines(), 'the engine log');
});

it.each([
  ['a damaged message', `SELECT pgcrypto.pgp_sym_decrypt_bytea('\\xc30c04090102'::bytea, $1)`],
  ['a value that is no ciphertext', `SELECT pgcrypto.pgp_sym_decrypt_bytea('\\x00'::cordon.ciphertext, $1)`],
  ['options that nobody knows', `SELECT pgcrypto.pgp_sym_encrypt_bytea('\\x00', $1, 'cipher-algo=none')`],
  ['a function that may not be called', `SELECT clinical.reseal_patient(gen_random_uuid(), $1, $1, 'id')`],
  ['a statement that is ended', `SELECT pgcrypto.pgp_sym_encrypt_bytea('\\x00', $1), pg_sleep(60)`],
  [
    'a division within the statement',
    `SELECT pgcrypto.pgp_sym_encrypt_bytea('\\x00', $1), 1 / (length($1) - 44)`,
  ],
])('stands in no field of the error over %s', async (_name, text) => {
  const client = new pg.Client(engine.stores.connection('clinical', 'engine_clinical'));
  await client.connect();
  try {
    await client.query('SET statement_timeout = 500');
    const error: unknown = await client.query(text, [released[0]]).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    const told = error as Error & Record<string, unknown>;
    expectNoKey(
      Object.getOwnPropertyNames(told)
        .map((name) => String(told[name]))
        .join('\n'),
      'the error',
    );
  } finally {
    await client.end();
  }
});

it('is left in no image of memory: the server may write none', async () => {
  const [own] = await ask<{ pid: number }>(engine, 'clinical', 'SELECT pg_backend_pid() AS pid');
  const limits = await readFile(`/proc/${own?.pid ?? 0}/limits`, 'utf8').catch(() => '');
  const [postmaster] = await ask<{ data: string }>(
    engine,
    'clinical',
    `SELECT current_setting('data_directory') AS data`,
  );
  const pid = (await readFile(join(postmaster?.data ?? '', 'postmaster.pid'), 'utf8')).split('\n')[0] ?? '';
  const ofServer = await readFile(`/proc/${pid}/limits`, 'utf8');
  for (const each of [limits, ofServer].filter((read) => read !== ''))
    expect(each).toMatch(/^Max core file size\s+0\s+0\s/m);
});
