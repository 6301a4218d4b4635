import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createLogger } from '@cordon/service';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readEngineSettings } from '../../apps/engine/src/settings.ts';
import { startEngine } from '../../apps/engine/src/start-engine.ts';
import {
  serveVault,
  vaultToken,
  type VaultServer,
} from '../../packages/field-encryption/testing/key-servers.ts';
import { cloneStores } from '../stores.ts';
import { ask, forgetKeys } from './key-jobs.ts';
import { makePlan, runEngineOn, type TestEngine } from './run-engine-on.ts';
import { formsOf } from './search-stores.ts';

let folder: string;
let vault: VaultServer;
let engine: TestEngine;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-vault-'));
  vault = await serveVault();
  engine = await runEngineOn(await cloneStores(), makePlan(), { environment: await settingsOf(vault) });
});
afterAll(async () => {
  await engine.close();
  await vault.shut();
  await rm(folder, { recursive: true });
});

async function settingsOf(server: VaultServer): Promise<Record<string, string>> {
  const [token, ca] = [join(folder, 'token'), join(folder, `${new URL(server.address).port}.crt`)];
  await writeFile(token, vaultToken, { mode: 0o600 });
  await writeFile(ca, server.ca);
  return {
    CORDON_KEY_MANAGEMENT: 'vault-transit',
    CORDON_VAULT_TRANSIT_URL: server.address,
    CORDON_VAULT_TRANSIT_KEY: 'cordon',
    CORDON_VAULT_TRANSIT_TOKEN_FILE: token,
    CORDON_KEY_MANAGEMENT_CA_FILE: ca,
  };
}

const planted = {
  fullName: 'Zebedee Quillfeather',
  phone: '01632 960987',
  email: 'zeb.quillfeather@example.com',
};

function create(): Promise<Response> {
  const receptionist = engine.account('receptionist');
  return engine.send(receptionist, '/v1/patients', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ clinicId: receptionist.clinicIds[0], dateOfBirth: '1971-11-23', ...planted }),
  });
}

async function read(): Promise<{ status: number; code?: string }> {
  const path = `/v1/patients/${engine.account('Petra Patientson').patientRecordId ?? ''}`;
  const answer = await engine.send(engine.account('clinician'), path);
  return { status: answer.status, ...((await answer.json()) as { code?: string }) };
}

it('goes on with the keys it has while key management is away, refuses new ones, and resumes by itself', async () => {
  expect(await read()).toMatchObject({ status: 200 });
  await vault.shut();
  try {
    expect(await read()).toMatchObject({ status: 200 });
    // The patient's own key has left the cache; the tenant's still unwraps it.
    engine.running.engine.patientKeys.forgetAll();
    expect(await read()).toMatchObject({ status: 200 });
    forgetKeys(engine);
    expect(await read()).toMatchObject({ status: 503, code: 'keys-unavailable' });
    const before = await ask(engine, 'clinical', 'SELECT FROM clinical.patients');
    expect((await create()).status).toBe(503);
    expect(await ask(engine, 'clinical', 'SELECT FROM clinical.patients')).toHaveLength(before.length);
  } finally {
    await vault.open();
  }
  expect(await read()).toMatchObject({ status: 200 });
  expect((await create()).status).toBe(201);
});

it('refuses to start with another root key behind the same address', async () => {
  const other = await serveVault();
  const logger = createLogger({ app: 'second engine', destination: { write: () => undefined } });
  const settings = readEngineSettings({ ...engine.environment, ...(await settingsOf(other)) });
  await expect(startEngine(settings, logger)).rejects.toMatchObject({ code: 'root-key-wrong' });
  await other.shut();
});

it.each([
  [
    'a key file in production',
    { CORDON_ENV: 'production', CORDON_KEY_MANAGEMENT: 'local' },
    'CORDON_KEY_MANAGEMENT',
  ],
  ['key management over http', { CORDON_VAULT_TRANSIT_URL: 'http://127.0.0.1:8200' }, 'https'],
  ['a key management that nobody knows', { CORDON_KEY_MANAGEMENT: 'paper' }, 'CORDON_KEY_MANAGEMENT'],
])('refuses the settings with %s', (_name, change, sentence) => {
  expect(() => readEngineSettings({ ...engine.environment, ...change })).toThrow(sentence);
});

async function filesBelow(path: string): Promise<Buffer[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.map((file) => readFile(file).catch(() => Buffer.alloc(0))));
}

it('leaves no planted value and no key in data files, write-ahead log, server log or statements', async () => {
  expect((await create()).status).toBe(201);
  const [place] = await ask<{ data: string; database: string }>(
    engine,
    'clinical',
    `SELECT current_setting('data_directory') AS data, oid::text AS database FROM pg_database WHERE datname = current_database()`,
  );
  await ask(engine, 'clinical', 'CHECKPOINT');
  const { data = '', database = '' } = place ?? {};
  const stored = [
    ...(await filesBelow(join(data, 'base', database))),
    ...(await filesBelow(join(data, 'pg_wal'))),
    ...(await filesBelow(engine.objectsFolder).catch(() => [])),
  ];
  expect(stored.length).toBeGreaterThan(50);
  for (const value of Object.values(planted))
    for (const form of formsOf(value)) {
      const bytes = Buffer.from(form, 'hex');
      expect(
        stored.some((content) => content.includes(bytes)),
        value,
      ).toBe(false);
    }
  // A search that finds nothing must be able to find something: structural text lies there in the clear.
  expect(stored.some((content) => content.includes('northgate-leeds'))).toBe(true);

  const { patientKeys, audit } = engine.running.engine;
  const { tenantId, patientRecordId } = engine.account('Petra Patientson');
  const patientId = patientRecordId ?? '';
  const pseudonym = (await patientKeys.pseudonyms(tenantId, [patientId])).get(patientId);
  const receipt = await audit.append([
    {
      id: crypto.randomUUID(), tenantId, initiatorType: 'system', action: 'record.opened', dataClassIds: ['patientProfile'],
      patientPseudonym: pseudonym, decision: 'permit', reasonCode: 'granted', outcome: 'none',
    },
  ]); // prettier-ignore
  const key =
    (await patientKeys.load(tenantId, [patientId], receipt)).get(patientId)?.key.toString('base64') ?? '';
  expect(key).toHaveLength(44);
  const activity = await ask<{ query: string }>(engine, 'clinical', 'SELECT query FROM pg_stat_activity');
  const serverLog = await readFile(join(dirname(dirname(data)), 'postgresql.log'), 'utf8');
  for (const text of [serverLog, engine.logLines(), ...activity.map(({ query }) => query)])
    expect(text).not.toContain(key);
  const preloaded = await ask(
    engine,
    'clinical',
    `SELECT FROM pg_settings WHERE name LIKE 'pg_stat_statements.%'`,
  );
  expect(preloaded, 'nothing collects statements').toEqual([]);
});

it('gives no key to who has no receipt for that very patient', async () => {
  const { patientKeys, audit } = engine.running.engine;
  const { tenantId, patientRecordId } = engine.account('Petra Patientson');
  const receipt = await audit.append([]);
  await expect(patientKeys.load(tenantId, [patientRecordId ?? ''], receipt)).rejects.toMatchObject({
    code: 'keys-unavailable',
  });
});
