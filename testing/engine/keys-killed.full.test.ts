import { afterAll, beforeAll, expect, it } from 'vitest';
import { killDestruction, killRotation, measureLife, runEngineWithPatients } from './keys-killed.ts';
import type { TestEngine } from './run-engine-on.ts';

const moments = 50;
let engine: TestEngine;
let lifeMs: number;
beforeAll(async () => {
  engine = await runEngineWithPatients(moments + 5);
  lifeMs = await measureLife(engine);
});
afterAll(() => engine.close());

it(
  'loses nothing and brings nothing back when rotations and destructions are killed at 50 random moments',
  async () => {
    let killed = 0;
    for (let round = 0; round < moments; round += 1) {
      const alive =
        round % 2 === 0
          ? await killDestruction(engine, lifeMs)
          : await killRotation(engine, (round - 1) / 2, lifeMs);
      if (alive) killed += 1;
    }
    expect(killed).toBeGreaterThan(moments / 3);
  },
  30 * 60_000,
);
