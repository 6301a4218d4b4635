import type { Logger } from '@cordon/service';
import type { Client } from 'pg';

interface Announced {
  readonly month: string;
  readonly intent: string;
}

export interface Retention {
  /** Announces or drops what is due. `covered`: the newest kept checkpoint lies in every copy that was named. */
  step(covered: boolean): Promise<void>;
  /**
   * Announces the months that have expired. A refusal of the database concerns its month alone: too young, under a legal
   * hold, without leaves or checkpoint.
   */
  announce(): Promise<void>;
  /** Drops what was announced. Answers the number of months; what is refused is withdrawn. */
  drop(): Promise<number>;
  /** An announcement waits for its leaf, and for a kept checkpoint over it. */
  readonly waiting: boolean;
}

const aDayMs = 24 * 3_600_000;
/** A month that was kept, for somebody was reading it perhaps, is tried again after this. */
const againMs = 3_600_000;

/**
 * Drops months whose entries have outlived their retention, in two steps: announced by an entry, and dropped once that
 * entry is under a kept checkpoint. What a killed sequencer announced is withdrawn before anything is announced anew.
 * @param everyMs how often it looks for such months; default a day
 */
export function createRetention(
  client: Client,
  { keepYears, everyMs = aDayMs }: { keepYears: number; everyMs?: number | undefined },
  logger: Logger,
): Retention {
  const keep = `${keepYears} years`;
  let announced: Announced[] = [];
  let dueAt = everyMs === Infinity ? Infinity : 0;

  /** Answers which months it worked for. */
  async function eachMonth<Month>(
    months: readonly Month[],
    work: (month: Month) => Promise<void>,
  ): Promise<Month[]> {
    const done: Month[] = [];
    for (const month of months)
      try {
        await work(month);
        done.push(month);
      } catch (error) {
        logger.warn('expired month kept', { component: 'retention', err: error });
      }
    return done;
  }

  const retention: Retention = {
    get waiting() {
      return announced.length > 0;
    },
    async step(covered) {
      if (announced.length > 0) {
        const count = announced.length;
        // A copy that went away meanwhile keeps the month for now; the next announcement withdraws this one.
        const dropped = covered ? await retention.drop() : 0;
        announced = [];
        if (dropped < count) dueAt = performance.now() + Math.min(againMs, everyMs);
      } else if (covered && performance.now() >= dueAt) {
        dueAt = performance.now() + everyMs;
        await retention.announce();
      }
    },
    async announce() {
      await client.query('SELECT audit.withdraw_announcements()');
      const { rows } = await client.query<{ month: string }>(
        'SELECT m::text AS month FROM audit.expired_months($1) AS e (m)',
        [keep],
      );
      announced = [];
      await eachMonth(rows, async ({ month }) => {
        const statement = 'SELECT audit.announce_expired_month($1, $2) AS intent';
        const answer = await client.query<{ intent: string }>(statement, [month, keep]);
        announced.push({ month, intent: answer.rows[0]?.intent ?? '' });
      });
    },
    async drop() {
      const dropped = await eachMonth(announced, async ({ month, intent }) => {
        const statement = 'SELECT audit.drop_expired_month($1, $2, $3)::text AS entries';
        const answer = await client.query<{ entries: string }>(statement, [month, keep, intent]);
        logger.info('expired month dropped', { count: Number(answer.rows[0]?.entries ?? 0) });
      });
      if (dropped.length < announced.length) await client.query('SELECT audit.withdraw_announcements()');
      announced = [];
      return dropped.length;
    },
  };
  return retention;
}
