import { expect, it } from 'vitest';
import { cloneStores } from '../stores.ts';
import { runEngineOn } from './run-engine-on.ts';

it('does not start when a store is where one of its data classes may not be kept', async () => {
  const stores = await cloneStores();
  const elsewhere = { environment: { CORDON_REGION_CLINICAL: 'region.eu' } };
  await expect(runEngineOn(stores, undefined, elsewhere)).rejects.toMatchObject({ code: 'region-mismatch' });
  const engine = await runEngineOn(stores);
  await engine.close();
});
