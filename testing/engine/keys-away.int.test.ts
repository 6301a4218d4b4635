import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

it('gives no key to who has no receipt for that very patient', async () => {
  const { patientKeys, audit } = engine.running.engine;
  const { tenantId, patientRecordId } = engine.account('Petra Patientson');
  const receipt = await audit.append([]);
  await expect(patientKeys.load(tenantId, [patientRecordId ?? ''], receipt)).rejects.toMatchObject({
    code: 'keys-unavailable',
  });
});
