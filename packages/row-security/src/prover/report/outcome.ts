import type { Acceptance } from '../config.ts';
import { shorten } from '../sql.ts';

/** held: the attack found nothing. leaked: it did. not-run: it could not be tried, which is no pass. accepted: open by decision. */
export type Verdict = 'held' | 'leaked' | 'not-run' | 'accepted';

/** One attack or gate on one table (or `*` for the whole database), and what came of it. */
export interface Attempt {
  /** `rows.select`, `oracle.unique`, `gate.forced` … */
  readonly channel: string;
  readonly table: string;
  /** Who attacked: login role, and the caller whose context it had. Empty for gates. */
  readonly as: string;
  readonly sql: string;
  readonly verdict: Verdict;
  /** What was seen, or why it was not run. Never a row's content. */
  readonly evidence?: string;
  readonly fix?: string;
}

export interface Tally {
  readonly held: number;
  readonly leaked: number;
  readonly notRun: number;
  readonly accepted: number;
}

type Finding = Omit<Attempt, 'verdict'> & { readonly loginRole?: string };

const key = (channel: string, table: string): string => `${channel}\n${table}`;
const counterOf = { held: 'held', leaked: 'leaked', 'not-run': 'notRun', accepted: 'accepted' } as const;

/** Collects what attacks found. Held attacks are counted only; the rest are kept, one for each channel, table, role and reason. */
export class Record {
  readonly #accepted: readonly Acceptance[];
  readonly #today: string;
  readonly #counts = new Map<string, { -readonly [K in keyof Tally]: number }>();
  readonly #kept = new Map<string, Attempt>();

  constructor(accepted: readonly Acceptance[], now: Date = new Date()) {
    this.#accepted = accepted;
    this.#today = now.toISOString().slice(0, 10);
  }

  held(channel: string, table: string, times = 1): void {
    this.#count(channel, table, 'held', times);
  }

  leaked({ loginRole, ...finding }: Finding): void {
    const acceptance = this.#accepted.find(
      (each) =>
        each.channel === finding.channel &&
        (each.table === undefined || each.table === '*' || each.table === finding.table) &&
        (each.loginRole === undefined || each.loginRole === loginRole),
    );
    const sql = shorten(finding.sql);
    if (acceptance && acceptance.expires >= this.#today)
      this.#keep({
        ...finding,
        sql,
        verdict: 'accepted',
        evidence: `${acceptance.reason} (until ${acceptance.expires})`,
      });
    else
      this.#keep({
        ...finding,
        sql,
        verdict: 'leaked',
        ...(acceptance && {
          evidence: `${finding.evidence ?? ''} (its acceptance ended on ${acceptance.expires})`,
        }),
      });
  }

  notRun(channel: string, table: string, reason: string, sql = '', as = ''): void {
    this.#keep({ channel, table, as, sql: shorten(sql), verdict: 'not-run', evidence: reason });
  }

  /** Whether `found` is empty, told to the record either way. */
  judge(finding: Finding, leaked: boolean): void {
    if (leaked) this.leaked(finding);
    else this.held(finding.channel, finding.table);
  }

  #keep(attempt: Attempt): void {
    this.#count(attempt.channel, attempt.table, attempt.verdict, 1);
    const name = [attempt.channel, attempt.table, attempt.verdict, attempt.as.split(',')[0]].join('\n');
    if (!this.#kept.has(name)) this.#kept.set(name, attempt);
  }

  #count(channel: string, table: string, verdict: Verdict, times: number): void {
    const found = this.#counts.get(key(channel, table)) ?? { held: 0, leaked: 0, notRun: 0, accepted: 0 };
    found[counterOf[verdict]] += times;
    this.#counts.set(key(channel, table), found);
  }

  attempts(verdict: Verdict): Attempt[] {
    return [...this.#kept.values()]
      .filter((attempt) => attempt.verdict === verdict)
      .sort((a, b) => (key(a.table, a.channel) < key(b.table, b.channel) ? -1 : 1));
  }

  counts(): { channel: string; table: string; tally: Tally }[] {
    return [...this.#counts].map(([name, tally]) => {
      const [channel = '', table = ''] = name.split('\n');
      return { channel, table, tally };
    });
  }
}
