import { cloneStores } from '../stores.ts';
import type { EngineOptions } from '../../apps/engine/src/start-engine.ts';
import { makePlan, runEngineOn, type TestEngine } from './run-engine-on.ts';

export type { SeedAccount, TestEngine } from './run-engine-on.ts';

/** A whole engine on stores of this test file's own. */
export async function runEngine(
  options: Pick<EngineOptions, 'reader' | 'rateLimit'> = {},
): Promise<TestEngine> {
  return runEngineOn(await cloneStores(), makePlan(), options);
}
