import { afterEach, expect, it } from 'vitest';
import { cloneStores } from '../stores.ts';
import { runEngineOn } from './run-engine-on.ts';

afterEach(() => {
  delete process.env['CORDON_REGION_CLINICAL'];
});

it('does not start when a store is where one of its data classes may not be kept', async () => {
  const stores = await cloneStores();
  process.env['CORDON_REGION_CLINICAL'] = 'region.eu';
  await expect(runEngineOn(stores)).rejects.toMatchObject({ code: 'region-mismatch' });
  delete process.env['CORDON_REGION_CLINICAL'];
  const engine = await runEngineOn(stores);
  await engine.close();
});
