import type { Finding } from '@cordon/audit-log';
import type { Client } from 'pg';

interface Month {
  readonly name: string;
  /** r: a table of its own; anything else shows rows that lie elsewhere. */
  readonly kind: string;
  readonly attached: boolean;
  readonly bounds: string | null;
  readonly guarded: boolean;
}

const rulesInForce = `SELECT count(*) FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_enabled = 'A'
  AND r.rulename IN ('no_update', 'no_delete') AND pg_get_ruledef(r.oid) LIKE '% DO INSTEAD NOTHING;'`;

/** Months by name, wherever they are, and whatever is attached to the log, however it is called. */
const monthsSql = `
  SELECT CASE WHEN n.nspname = 'audit' THEN c.relname ELSE c.oid::regclass::text END AS name, c.relkind AS kind,
    coalesce(i.inhparent = p.oid AND NOT i.inhdetachpending, false) AS attached, pg_get_expr(c.relpartbound, c.oid) AS bounds,
    c.relrowsecurity AND c.relforcerowsecurity AND (${rulesInForce}) = 2
      AND (SELECT count(*) FROM pg_rewrite r WHERE r.ev_class = c.oid) = 2
      AND (SELECT array_agg((t.tgname, t.tgenabled)::text) FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)
        = ARRAY['(no_truncate,A)'] AS guarded
  FROM pg_class p CROSS JOIN pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
  WHERE p.oid = 'audit.audit_logs'::regclass AND (i.inhparent = p.oid OR c.relkind IN ('r', 'p', 'f', 'v', 'm')
    AND n.nspname = 'audit' AND c.relname ~ '^audit_logs_')
  ORDER BY 1 LIMIT 1000`;

/**
 * Holds the tables of the log's months against what they are made as. One with other bounds or another's name would be
 * dropped when that one expires, one that is not attached takes no entries when its month begins, and one without its rules
 * can be changed by its name: rows may still be all there, so leaves alone do not tell.
 * @param client a session whose times are written as UTC (`leafSession`)
 */
export async function findAlteredMonths(client: Client): Promise<Finding[]> {
  return (await readMonths(client)).flatMap((month) => {
    const fault = faultOf(month);
    if (fault === undefined) return [];
    return [{ kind: 'month-altered', index: null, entryId: null, detail: `${month.name} ${fault}` } as const];
  });
}

/** `internal_error`: pg_get_expr and pg_get_ruledef open the table, which the sequencer may have dropped meanwhile. */
const tableGone = 'XX000';
const mostTurns = 5;

async function readMonths(client: Client): Promise<Month[]> {
  for (let turn = 1; ; turn += 1)
    try {
      return (await client.query<Month>(monthsSql)).rows;
    } catch (error) {
      if (turn === mostTurns || (error as { code?: string }).code !== tableGone) throw error;
    }
}

function faultOf({ name, kind, attached, bounds, guarded }: Month): string | undefined {
  const [, year, month] = /^audit_logs_(\d{4})_(0[1-9]|1[0-2])$/.exec(name) ?? [];
  if (year === undefined || month === undefined) return 'is not named after a month';
  if (kind !== 'r') return 'is no table of its own';
  if (!attached) return 'is not attached to the log';
  if (bounds !== boundsOf(Number(year), Number(month))) return `does not have the bounds of its month`;
  return guarded ? undefined : 'lacks a rule, a trigger or its row security, or has others';
}

function boundsOf(year: number, month: number): string {
  const [from, to] = [month - 1, month].map((at) => new Date(Date.UTC(year, at)).toISOString().slice(0, 10));
  return `FOR VALUES FROM ('${from ?? ''} 00:00:00+00') TO ('${to ?? ''} 00:00:00+00')`;
}
