import { randomUUID } from 'node:crypto';
import type { AuditEntry } from '../../audit/entry.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import { expect, it, vi } from 'vitest';
import { answerCall } from './answer-call.ts';
import type { GatewayParts, ReadyCall } from './call.ts';
import { createStopWatch } from './stop-watch.ts';
import { listStops } from './stops.ts';

it('sends nothing of a call that was stopped between its leave and its turn, and says so in its outcome', async () => {
  const tenantId = randomUUID();
  const entries: AuditEntry[] = [];
  const readStops = vi.fn(() => Promise.resolve({ rows: [{ kind: 'tenant', target: tenantId }] }));
  const engine = {
    audit: { append: (more: AuditEntry[]) => Promise.resolve(entries.push(...more)) },
    stores: { pools: { engine_directory: { query: readStops } } },
  } as unknown as EngineContext;
  const ask = vi.fn();
  const parts = {
    engine,
    findProvider: () => ({ ask }),
    circuit: { enter: vi.fn(), leave: vi.fn() },
    stopWatch: createStopWatch(engine),
  } as unknown as GatewayParts;
  const call = {
    provider: { id: 'provider.one' },
    purpose: { id: 'purpose.one' },
    intent: { id: randomUUID() },
    openedAt: Date.now() - 1_000,
    stops: listStops(tenantId, 'purpose.one', 'provider.one'),
  } as unknown as ReadyCall;
  const first = answerCall(parts, call, new AbortController().signal).next();
  await expect(first).rejects.toMatchObject({ code: 'ai-stopped' });
  expect(ask).not.toHaveBeenCalled();
  expect(entries).toMatchObject([{ outcome: 'failure', reasonCode: 'ai-stopped' }]);
});
