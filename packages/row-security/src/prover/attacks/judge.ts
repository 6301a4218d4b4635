import { type Stand, nameOf } from '../field.ts';
import type { Answer } from '../session.ts';

/** Raised behind the policies' checks: a policy that lets a row through leaves it to a constraint to refuse it. */
const behindPolicies = new Set(['23502', '23503', '23505', '23514', '23P01', '23001']);
/** No privilege, a policy's refusal, not supported under row security, a trigger's own exception, a refused seal. */
const refusals = new Set(['42501', '0A000', 'P0001', 'CX001', '55000', '428C9']);

export interface Strike {
  readonly channel: string;
  readonly table: string;
  readonly sql: string;
  readonly fix: string;
  /** Rows that the statement may show or change lawfully. */
  readonly allowed?: number;
  /** Whether a constraint's refusal shows that the policy let the row through. */
  readonly throughPolicy?: boolean;
  /** Whether the statement touches own rows as well, so that a constraint's refusal tells nothing; a keyed attack stands beside it. */
  readonly touchesOwn?: boolean;
  /** Answers how many rows of others the answer shows. */
  readonly foreign?: (answer: Answer & { ok: true }) => number;
}

/** Tries one statement and tells the record what came of it. */
export async function strike(stand: Stand, { foreign, ...attack }: Strike): Promise<Answer> {
  const answer = await stand.session.attempt(attack.sql, true);
  const { record } = stand.field;
  const finding = {
    channel: attack.channel,
    table: attack.table,
    as: nameOf(stand),
    loginRole: stand.session.role,
    sql: attack.sql,
    fix: attack.fix,
  };
  if (answer.ok) {
    const found = foreign ? foreign(answer) : answer.count - (attack.allowed ?? 0);
    record.judge({ ...finding, evidence: `${found} rows beyond the caller's own` }, found > 0);
  } else if (attack.throughPolicy && behindPolicies.has(answer.code))
    record.leaked({
      ...finding,
      evidence: `the policies let the row through; ${answer.code} refused it behind them`,
    });
  else if (attack.touchesOwn && behindPolicies.has(answer.code)) return answer;
  else if (refusals.has(answer.code)) record.held(attack.channel, attack.table);
  else
    record.notRun(
      attack.channel,
      attack.table,
      `${answer.code}: ${answer.message}`,
      attack.sql,
      nameOf(stand),
    );
  return answer;
}

/** How many of the rows shown are more than the caller's own rows explain; columns are compared as text. */
export function countForeign(
  shown: readonly (readonly (string | null)[])[],
  own: readonly (readonly (string | null)[])[],
): number {
  const budget = new Map<string, number>();
  for (const row of own) budget.set(JSON.stringify(row), (budget.get(JSON.stringify(row)) ?? 0) + 1);
  let found = 0;
  for (const row of shown) {
    const name = JSON.stringify(row);
    const left = budget.get(name) ?? 0;
    if (left > 0) budget.set(name, left - 1);
    else found += 1;
  }
  return found;
}
