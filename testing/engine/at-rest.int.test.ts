import { afterAll, beforeAll, expect, it } from 'vitest';
import { proveServerAtRest } from '../../packages/stores/index.ts';
import { readEngineSettings } from '../../apps/engine/src/settings.ts';
import { tellAtRest } from '../../apps/engine/src/stores/tell-at-rest.ts';
import { ask } from './key-jobs.ts';
import { runEngine, type TestEngine } from './run-engine.ts';

let engine: TestEngine;
let data: string;
beforeAll(async () => {
  engine = await runEngine();
  const [place] = await ask<{ data: string }>(
    engine,
    'clinical',
    `SELECT current_setting('data_directory') AS data`,
  );
  data = place?.data ?? '';
});
afterAll(() => engine.close());

it('says of encryption at rest on the readiness page that it is unknown, and is ready all the same', async () => {
  const answer = await engine.send(null, '/health/ready');
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ facts: { encryptionAtRest: 'unknown' } });
});

it('says no more than the kernel does when it is told where the files lie', async () => {
  const { stores } = engine.running.engine;
  const [server] = await ask<{ identifier: string }>(
    engine,
    'clinical',
    'SELECT system_identifier::text AS identifier FROM pg_control_system()',
  );
  const proof = await proveServerAtRest(data, server?.identifier ?? '');
  const expected = proof.state === 'proven' ? `proven: ${proof.by}` : 'unknown: ';
  const { databases } = readEngineSettings(engine.environment);
  expect((await tellAtRest(stores, databases, { folder: data, rds: undefined })).startsWith(expected)).toBe(
    true,
  );
  // The identifier is the server's own, so a folder that is another's proves nothing, whatever it lies on.
  expect(await proveServerAtRest(data, '1')).toEqual({ state: 'unknown' });
});
