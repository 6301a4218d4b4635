import { z } from 'zod';
import { liftHold, listHolds, placeHold } from './features/audit-log/index.ts';
import { runOnce } from './run-once.ts';

const id = z.uuid();
const reason = z.string().trim().min(3).max(2_000);
const request = z.discriminatedUnion('verb', [
  z.object({
    verb: z.literal('place'),
    tenantId: id,
    from: z.iso.date(),
    to: z.iso.date().optional(),
    reason,
  }),
  z.object({ verb: z.literal('lift'), tenantId: id, holdId: id, reason }),
  z.object({ verb: z.literal('list'), tenantId: id }),
]);

await runOnce({ app: 'engine-holds', request, failed: 'audit-unavailable' }, async (work, asked) => {
  if (asked.verb === 'place') return placeHold(work, asked);
  if (asked.verb === 'lift') return liftHold(work, asked);
  return { holds: await listHolds(work, asked.tenantId) };
});
