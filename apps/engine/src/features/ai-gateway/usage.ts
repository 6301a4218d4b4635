import type { AiGatewayFile, AiProvider } from '@cordon/access-policy';
import type { CheckedCall } from '@cordon/ai-gateway';
import type { ModelUsage } from './providers/index.ts';

/** What a call is taken to use until its provider says what it did. */
export interface Reservation {
  readonly tenantId: string;
  readonly purposeId: string;
  readonly tokens: number;
  readonly costMillionths: number;
}

/** Calls, tokens and cost, to be added to what the day has. */
export type UseChange = readonly [calls: number, tokens: number, costMillionths: number];

/** Of one day, where the configuration says nothing: far above a clinic's use, far below a runaway's. */
const defaults = {
  perTenant: { calls: 20_000, tokens: 20_000_000, cost: 100 },
  perPurpose: { calls: 10_000, tokens: 10_000_000, cost: 50 },
} as const;
const answerTokens = 1_000;
const charactersInToken = 4;
const millionths = 1_000_000;

const costOf = ({ pricePerMillionTokens: price }: AiProvider, input: number, output: number): number =>
  price === undefined ? 0 : Math.ceil(input * price.input + output * price.output);

/** Of a request as it came in, no longer than its purpose lets it be. */
export function estimateUse(
  provider: AiProvider,
  { purpose, request }: CheckedCall,
): Pick<Reservation, 'tokens' | 'costMillionths'> {
  const asked = JSON.stringify(request.messages).length + purpose.systemText.length;
  const input = Math.ceil(Math.min(asked, purpose.maxCharacters) / charactersInToken);
  const output = request.max_completion_tokens ?? request.max_tokens ?? answerTokens;
  return { tokens: input + output, costMillionths: costOf(provider, input, output) };
}

/** The tenant's calls, tokens and cost of a day, then the purpose's, as `clinical.open_ai_call` takes them. */
export function listLimits(file: AiGatewayFile): number[] {
  return (['perTenant', 'perPurpose'] as const).flatMap((scope) => {
    const given = file.limits?.[scope];
    const { calls, tokens, cost } = defaults[scope];
    return [given?.calls ?? calls, given?.tokens ?? tokens, Math.floor((given?.cost ?? cost) * millionths)];
  });
}

/** Days are UTC's. */
export const secondsLeftToday = (): number => 86_400 - (Math.floor(Date.now() / 1000) % 86_400);

/** Puts what was used in the place of what was taken for it. A provider that does not say keeps the reservation. */
export function settle(provider: AiProvider, reserved: Reservation, usage: ModelUsage | null): UseChange {
  if (usage === null) return [0, 0, 0];
  const { input, output } = usage;
  return [0, input + output - reserved.tokens, costOf(provider, input, output) - reserved.costMillionths];
}

/** Takes a reservation back, of a call that was refused after it. */
export const giveBack = ({ tokens, costMillionths }: Reservation): UseChange => [
  -1,
  -tokens,
  -costMillionths,
];
