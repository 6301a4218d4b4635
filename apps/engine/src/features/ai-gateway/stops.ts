import { randomUUID } from 'node:crypto';
import { refuseWhenAway } from '../../stores/stores.ts';
import { noTenantContext } from '../../stores/system-context.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';

export const stopKinds = ['provider', 'purpose', 'tenant'] as const;
export interface Stop {
  readonly kind: (typeof stopKinds)[number];
  readonly target: string;
}

/** Whatever stops a call. */
export const listStops = (tenantId: string, purposeId: string, providerId: string): readonly Stop[] => [
  { kind: 'tenant', target: tenantId },
  { kind: 'purpose', target: purposeId },
  { kind: 'provider', target: providerId },
];

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
