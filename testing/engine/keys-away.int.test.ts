import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@cordon/service';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rotateRootKey } from '../../apps/engine/src/keys/rotate-root-key.ts';
import { readEngineSettings } from '../../apps/engine/src/settings.ts';
import { startEngine } from '../../apps/engine/src/start-engine.ts';
import { createVaultTransit } from '../../packages/field-encryption/index.ts';
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

it('asks a service that says nothing once for all who wait, refuses them all, and resumes by itself', async () => {
  forgetKeys(engine);
  const before = vault.questions();
  vault.failBy('silence');
  try {
    const answers = await Promise.all(Array.from({ length: 20 }, read));
    for (const answer of answers) expect(answer).toMatchObject({ status: 503, code: 'keys-unavailable' });
    expect(vault.questions() - before).toBe(1);
  } finally {
    vault.failBy(undefined);
  }
  expect(await read()).toMatchObject({ status: 200 });
});

it('believes no other key: nobody is read with it, and nobody written under it', async () => {
  forgetKeys(engine);
  const keys = () => ask<{ id: string }>(engine, 'vault', 'SELECT id FROM vault.patient_keys ORDER BY id');
  const before = await keys();
  vault.failBy('another-key');
  try {
    expect(await read()).toMatchObject({ status: 503, code: 'keys-unavailable' });
    expect((await create()).status).toBe(503);
    expect(await keys()).toEqual(before);
  } finally {
    vault.failBy(undefined);
  }
  expect(await read()).toMatchObject({ status: 200 });
});

it('loses no key to a service that answers a rotation with what it cannot open', async () => {
  const wrapped = () =>
    ask<{ id: string; wrapped: Buffer }>(
      engine,
      'vault',
      'SELECT id, wrapped FROM vault.tenant_keys ORDER BY id',
    );
  const before = await wrapped();
  vault.rotate();
  vault.failBy('another-ciphertext');
  try {
    const root = createVaultTransit({
      address: vault.address,
      keyName: 'cordon',
      tokenFile: join(folder, 'token'),
      ca: vault.ca,
    });
    const work = { ...engine.running.engine, root };
    await expect(rotateRootKey(work)).rejects.toMatchObject({ code: 'key-management-unavailable' });
  } finally {
    vault.failBy(undefined);
  }
  expect(await wrapped()).toEqual(before);
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
