import { z } from 'zod';
import { changeStop, stopKinds } from './features/ai-gateway/index.ts';
import { runOnce } from './run-once.ts';

const request = z.strictObject({
  verb: z.enum(['stop', 'start']),
  kind: z.enum(stopKinds),
  target: z.string().regex(/^[A-Za-z0-9.-]{1,80}$/),
});

await runOnce({ app: 'engine-ai', request, failed: 'records-unavailable' }, (work, asked) =>
  changeStop(work, asked.verb, asked),
);
