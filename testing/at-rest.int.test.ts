import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  startIdentityUnderTest,
  type IdentityUnderTest,
} from '../apps/identity/testing/identity-under-test.ts';
import { createAtRestFact } from '../apps/identity/src/at-rest.ts';
import { proveServerAtRest } from '../packages/stores/at-rest.ts';
import { runEngineOn, type TestEngine } from './engine/run-engine-on.ts';
import { ask } from './engine/key-jobs.ts';
import { cloneStores } from './stores.ts';

let engine: TestEngine;
let identity: IdentityUnderTest;
let folder: string;
let identifier: string;
beforeAll(async () => {
  const clones = await cloneStores();
  engine = await runEngineOn(clones);
  identity = await startIdentityUnderTest({ clones: { ...clones, drop: () => Promise.resolve() } });
  const [server] = await ask<{ data: string; identifier: string }>(
    engine,
    'clinical',
    `SELECT current_setting('data_directory') AS data, system_identifier::text AS identifier FROM pg_control_system()`,
  );
  folder = server?.data ?? '';
  identifier = server?.identifier ?? '';
});
afterAll(async () => {
  await identity.close();
  await engine.close();
});

/** What identity tells with a data folder named. */
const tellOf = (named: string): Promise<string> =>
  createAtRestFact(identity.pool, {
    ...identity.settings,
    atRest: { folder: named, rds: undefined },
  }).tell();

it('says on the readiness pages of the engine and of identity that it is unknown, and both are ready all the same', async () => {
  const answers = [await engine.send(null, '/health/ready'), await fetch(`${identity.issuer}/health/ready`)];
  for (const answer of answers) {
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ facts: { encryptionAtRest: 'unknown' } });
  }
});

it('says no more than the kernel does when it is told where the files lie', async () => {
  const proof = await proveServerAtRest(folder, identifier);
  const expected = proof.state === 'proven' ? `proven: ${proof.by}` : 'unknown: ';
  expect((await tellOf(folder)).startsWith(expected)).toBe(true);
});

it("proves nothing of identity by a folder that is another server's, whatever it lies on", async () => {
  expect(await proveServerAtRest(folder, '1')).toEqual({ state: 'unknown' });
  // Both of its databases are on one server, which is named once.
  expect(await tellOf('/proc')).toBe('unknown: identity: not seen from this machine');
});
