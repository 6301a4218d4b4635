import { z } from 'zod';
import { changeStop, stopKinds } from './features/ai-gateway/index.ts';
import { requireTenant } from './keys/require-tenant.ts';
import { runOnce } from './run-once.ts';

const request = z.strictObject({
  verb: z.enum(['stop', 'start']),
  kind: z.enum(stopKinds),
  target: z.string().regex(/^[A-Za-z0-9.-]{1,80}$/),
});

await runOnce({ app: 'engine-ai', request, failed: 'records-unavailable' }, async (work, asked) => {
  if (asked.verb === 'stop' && asked.kind === 'tenant') await requireTenant(work, asked.target);
  return changeStop(work, asked.verb, asked);
});
