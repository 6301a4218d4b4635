import { cloneStores } from '../stores.ts';
import { runEngineOn, type TestEngine } from './run-engine-on.ts';

export type { SeedAccount, TestEngine } from './run-engine-on.ts';

/** A whole engine on stores of this test file's own. */
export async function runEngine(): Promise<TestEngine> {
  return runEngineOn(await cloneStores());
}
