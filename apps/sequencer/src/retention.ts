import type { Logger } from '@cordon/service';
import type { Client } from 'pg';

/**
 * Drops months whose entries have outlived their retention. The database refuses what is too young, under a legal hold,
 * without leaves or not covered by a kept checkpoint; a refusal concerns its month alone.
 */
export async function dropExpiredMonths(client: Client, keepYears: number, logger: Logger): Promise<number> {
  const keep = `${keepYears} years`;
  const { rows } = await client.query<{ month: string }>(
    'SELECT m::text AS month FROM audit.expired_months($1) AS e (m)',
    [keep],
  );
  let dropped = 0;
  for (const { month } of rows)
    try {
      const answer = await client.query<{ entries: string }>(
        'SELECT audit.drop_expired_month($1, $2)::text AS entries',
        [month, keep],
      );
      dropped += 1;
      logger.info('expired month dropped', { count: Number(answer.rows[0]?.entries ?? 0) });
    } catch (error) {
      logger.warn('expired month kept', { component: 'retention', err: error });
    }
  return dropped;
}
