import { afterAll, beforeAll, expect, it } from 'vitest';
import { killDestruction, killRotation, measureLife, runEngineWithPatients } from './keys-killed.ts';
import type { TestEngine } from './run-engine-on.ts';

let engine: TestEngine;
let lifeMs: number;
beforeAll(async () => {
  engine = await runEngineWithPatients(4);
  lifeMs = await measureLife(engine);
});
afterAll(() => engine.close());

it('loses nothing and brings nothing back when a rotation or a destruction is killed', async () => {
  await killRotation(engine, 1, lifeMs);
  await killDestruction(engine, lifeMs);
  expect(lifeMs).toBeGreaterThan(0);
}, 600_000);
