import type { AiGatewayFile, AiProvider } from '@cordon/access-policy';
import { AiGatewayError, type PreparedCall } from '@cordon/ai-gateway';
import type { EngineContext } from '../../walk/engine-context.ts';
import type { ModelUsage } from './providers/index.ts';

/** What a call is taken to use until its provider says what it did. */
export interface Reservation {
  readonly tenantId: string;
  readonly purposeId: string;
  readonly tokens: number;
  readonly costMillionths: number;
}

interface Used {
  readonly calls: string;
  readonly tokens: string;
  readonly cost: string;
}

/** Of one day, where the configuration says nothing: far above a clinic's use, far below a runaway's. */
const defaults = {
  perTenant: { calls: 20_000, tokens: 20_000_000, cost: 100 },
  perPurpose: { calls: 10_000, tokens: 10_000_000, cost: 50 },
} as const;
const answerTokens = 1_000;
const millionths = 1_000_000;

const costOf = ({ pricePerMillionTokens: price }: AiProvider, input: number, output: number): number =>
  price === undefined ? 0 : Math.ceil(input * price.input + output * price.output);

/**
 * Counts a call before it is made; of many at once each counts before the next is let through.
 * @throws {AiGatewayError} `ai-limit-reached` with the seconds until the day ends (UTC)
 */
export async function reserveUsage(
  engine: EngineContext,
  file: AiGatewayFile,
  provider: AiProvider,
  call: { readonly tenantId: string; readonly purposeId: string; readonly prepared: PreparedCall },
): Promise<Reservation> {
  const input = Math.ceil(call.prepared.characters / 4);
  const output = call.prepared.options.max_tokens ?? answerTokens;
  const { tenantId, purposeId } = call;
  const reserved = { tenantId, purposeId, tokens: input + output, costMillionths: costOf(provider, input, output) };
  await engine.stores.withTenantJob(tenantId, async (transaction) => {
    await transaction.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`ai-usage ${tenantId}`]);
    await transaction.query(
      `INSERT INTO clinical.ai_usage AS u (tenant_id, purpose_id, day, calls, tokens, cost_millionths)
       VALUES ($1, $2, (now() AT TIME ZONE 'UTC')::date, 1, $3, $4)
       ON CONFLICT (tenant_id, day, purpose_id) DO UPDATE SET calls = u.calls + 1, tokens = u.tokens + excluded.tokens,
         cost_millionths = u.cost_millionths + excluded.cost_millionths`,
      [tenantId, purposeId, reserved.tokens, reserved.costMillionths],
    );
    const { rows } = await transaction.query<Used & { whole: boolean }>(
      `SELECT grouping(purpose_id) = 1 AS whole, sum(calls)::text AS calls, sum(tokens)::text AS tokens, sum(cost_millionths)::text AS cost
       FROM clinical.ai_usage WHERE tenant_id = $1 AND day = (now() AT TIME ZONE 'UTC')::date
       GROUP BY GROUPING SETS ((), (purpose_id)) HAVING grouping(purpose_id) = 1 OR purpose_id = $2`,
      [tenantId, purposeId],
    );
    for (const { whole, ...used } of rows) refuseBeyond(file, whole ? 'perTenant' : 'perPurpose', used);
  });
  return reserved;
} // prettier-ignore

function refuseBeyond(file: AiGatewayFile, scope: keyof typeof defaults, used: Used): void {
  const { calls, tokens, cost } = defaults[scope];
  const given = file.limits?.[scope];
  const within =
    Number(used.calls) <= (given?.calls ?? calls) &&
    Number(used.tokens) <= (given?.tokens ?? tokens) &&
    Number(used.cost) <= (given?.cost ?? cost) * millionths;
  if (within) return;
  const left = 86_400 - (Math.floor(Date.now() / 1000) % 86_400);
  throw new AiGatewayError('ai-limit-reached', scope, { retryAfterSeconds: left });
}

/** Puts what was used in the place of what was taken for it. A provider that does not say keeps the reservation. */
export async function settleUsage(
  engine: EngineContext,
  provider: AiProvider,
  reserved: Reservation,
  usage: ModelUsage | null,
): Promise<void> {
  if (usage === null) return;
  await engine.stores.withTenantJob(reserved.tenantId, (transaction) =>
    transaction.query(
      `UPDATE clinical.ai_usage SET tokens = greatest(0, tokens + $3), cost_millionths = greatest(0, cost_millionths + $4)
       WHERE tenant_id = $1 AND purpose_id = $2 AND day = (now() AT TIME ZONE 'UTC')::date`,
      [
        reserved.tenantId,
        reserved.purposeId,
        usage.input + usage.output - reserved.tokens,
        costOf(provider, usage.input, usage.output) - reserved.costMillionths,
      ],
    ),
  );
}
