import { getJson, withQuery } from '@cordon/clinic-page';
import { queryOptions } from '@tanstack/react-query';

export type Environment = 'development' | 'staging' | 'production';
export type ControlState = 'pass' | 'fail' | 'unknown';

/** One control on the way to an environment, by the newest answer to it. */
export interface ControlLine {
  readonly id: string;
  readonly title: string;
  readonly priority: 'P0' | 'P1' | 'P2' | 'P3';
  readonly owner: string;
  readonly threat: string;
  readonly state: ControlState;
  /** What the last run said, where its evidence has grown too old to count. */
  readonly saidBefore: ControlState | null;
  readonly because: string;
  readonly next: string;
  /** ISO 8601; null where there is no evidence. */
  readonly evidenceAt: string | null;
  readonly lifeHours: number;
  readonly blocks: boolean;
  /** Why it stands in the way of this promotion, or why it does not. */
  readonly rule: string;
  /** The last runs, the oldest first. */
  readonly trend: readonly { readonly at: string; readonly state: ControlState }[];
}

export interface GateBoard {
  readonly to: Environment;
  readonly lastRun: { readonly at: string; readonly commit: string | null } | null;
  readonly allowed: boolean;
  readonly lines: readonly ControlLine[];
}

export function boardQuery(to: Environment) {
  return queryOptions({
    queryKey: ['gate-board', to],
    queryFn: ({ signal }) => getJson<GateBoard>(withQuery('/api/v1/gate-board', { to }), { signal }),
  });
}
