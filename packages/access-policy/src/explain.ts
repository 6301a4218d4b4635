import type { Cell } from './cell.ts';
import { CHECKS } from './checks.ts';
import { decideCell } from './decide-cell.ts';
import type { Decision } from './decision.ts';
import type { Caller, DecisionContext, Resource } from './question.ts';

export interface ExplainedCheck {
  readonly name: string;
  readonly asks: string;
  readonly passed: boolean;
}

export interface Explanation {
  readonly decision: Decision;
  /** The checks asked, in order; the last is the one that refused, if one did. */
  readonly checks: readonly ExplainedCheck[];
}

/** Runs the very checks that decide, and keeps what each answered. */
export function explainCell(
  cell: Cell,
  caller: Caller<string>,
  resource: Resource,
  context: DecisionContext,
): Explanation {
  const checks: ExplainedCheck[] = [];
  for (const { name, asks, run } of CHECKS) {
    const passed = run(cell, caller, resource, context) === null;
    checks.push({ name, asks, passed });
    if (!passed) break;
  }
  return { decision: decideCell(cell, caller, resource, context), checks };
}
