import type { CallerConfig } from '../config.ts';
import type { Scope } from '../rows/world.ts';
import type { AttackSession } from '../session.ts';

/** A way into a context that must not lead into one. */
export interface HostileEntry {
  readonly name: string;
  /** Statements, run one after another in one transaction; that they fail is well. */
  readonly sql: () => readonly string[];
  /** Milliseconds to wait behind them, for what is to expire. */
  readonly wait?: number;
}

/** How sessions come to act for somebody. */
export interface Driver {
  /** Statements that enter the caller's context for the open transaction. */
  readonly enter: (session: AttackSession, caller: CallerConfig, scope: Scope) => string[];
  /** Attempts at the context of somebody else, for whom this caller has none. */
  readonly hostile: (session: AttackSession, caller: CallerConfig, scope: Scope) => HostileEntry[];
}
