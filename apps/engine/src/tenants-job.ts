import { z } from 'zod';
import { addTenant, placeName, requireRegion } from './features/tenants/index.ts';
import { runOnce } from './run-once.ts';
import { readEngineSettings } from './settings.ts';

const request = z.strictObject({
  verb: z.literal('add'),
  name: z.string().regex(placeName),
  clinic: z.string().regex(placeName),
  region: z.string().max(40).optional(),
  accountId: z.uuid().optional(),
});

await runOnce({ app: 'engine-tenants', request, failed: 'records-unavailable' }, async (work, asked) => {
  if (asked.region !== undefined) await requireRegion(asked.region, readEngineSettings().regions.clinical);
  return addTenant(work, asked);
});
