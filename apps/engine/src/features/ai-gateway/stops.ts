import { randomUUID } from 'node:crypto';
import { AiGatewayError } from '@cordon/ai-gateway';
import { refuseWhenAway } from '../../stores/stores.ts';
import { noTenantContext } from '../../stores/system-context.ts';
import type { EngineContext } from '../../walk/engine-context.ts';

export const stopKinds = ['provider', 'purpose', 'tenant'] as const;
export interface Stop {
  readonly kind: (typeof stopKinds)[number];
  readonly target: string;
}

/** How soon a call that is under way learns of a stop. */
const lookEveryMs = 1_000;

/**
 * Asked of the store at each call: a stop holds in every process from the next one on.
 * @throws AiGatewayError `ai-stopped`; EngineError `records-unavailable`, since what cannot be asked is taken for stopped
 */
export async function refuseStopped(engine: EngineContext, stops: readonly Stop[]): Promise<void> {
  const found = await refuseWhenAway('records-unavailable', () =>
    engine.stores.pools.engine_directory.query(
      noTenantContext(),
      `SELECT FROM clinical.ai_stops s JOIN unnest($1::text[], $2::text[]) AS asked (kind, target)
         ON s.kind = asked.kind AND s.target = asked.target`,
      [stops.map(({ kind }) => kind), stops.map(({ target }) => target)],
    ),
  );
  if (found.rows.length > 0) throw new AiGatewayError('ai-stopped');
}

/** A signal that ends a call once it is stopped; `close` ends the looking. */
export function watchStops(engine: EngineContext, stops: readonly Stop[]) {
  const stopped = new AbortController();
  const timer = setInterval(() => {
    refuseStopped(engine, stops).catch((error: unknown) => {
      stopped.abort(error);
    });
  }, lookEveryMs);
  timer.unref();
  return {
    signal: stopped.signal,
    close: () => {
      clearInterval(timer);
    },
  };
}

/**
 * An operator's switch. The entry is durable before anything changes; stopping what is stopped changes nothing.
 * @throws EngineError `audit-unavailable`, `records-unavailable`
 */
export async function changeStop(
  engine: Pick<EngineContext, 'audit' | 'stores'>,
  verb: 'stop' | 'start',
  { kind, target }: Stop,
): Promise<Record<string, unknown>> {
  await engine.audit.append([
    {
      id: randomUUID(),
      initiatorType: 'system',
      action: verb === 'stop' ? 'ai.stopped' : 'ai.started',
      dataClassIds: [],
      decision: 'permit',
      reasonCode: 'granted',
      outcome: 'none',
      ...(kind === 'tenant' && { tenantId: target }),
      ...(kind === 'purpose' && { purposeId: target }),
      ...(kind === 'provider' && { providerId: target }),
    },
  ]);
  await refuseWhenAway('records-unavailable', () =>
    engine.stores.pools.engine_directory.query(
      noTenantContext(),
      verb === 'stop'
        ? 'INSERT INTO clinical.ai_stops (kind, target) VALUES ($1, $2) ON CONFLICT DO NOTHING'
        : 'DELETE FROM clinical.ai_stops WHERE kind = $1 AND target = $2',
      [kind, target],
    ),
  );
  return { [kind]: target, stopped: verb === 'stop' };
}
