import type { AiGatewayFile, AiProvider } from '@cordon/access-policy';
import { AiGatewayError, type CheckedCall } from '@cordon/ai-gateway';
import type { EngineContext } from '../../../pipeline/engine-context.ts';
import type { AskedCall } from '../call.ts';
import { assistantConsent, needsConsent } from '../needs-consent.ts';
import { estimateUse, listLimits, secondsLeftToday, type Reservation } from '../usage.ts';

/** What `clinical.open_ai_call` answers besides `open`. */
const refusals: Readonly<Record<string, () => AiGatewayError>> = {
  stopped: () => new AiGatewayError('ai-stopped'),
  consent: () => new AiGatewayError('ai-consent-missing'),
  conversation: () => new AiGatewayError('ai-request-invalid', 'metadata.conversation'),
  'tenant-limit': () => reached('perTenant'),
  'purpose-limit': () => reached('perPurpose'),
};

const reached = (scope: string): AiGatewayError =>
  new AiGatewayError('ai-limit-reached', scope, { retryAfterSeconds: secondsLeftToday() });

/**
 * Asks the store whether the call may go on, and counts it before it is made; in one statement, so that nothing comes between:
 * nobody stopped the provider, the purpose or the tenant; where the purpose stands on consent, the patient's last word is that it
 * is given, and not withdrawn since (UK GDPR, article 7(3)); the conversation is this patient's and purpose's, and has not ended;
 * today's limits are not reached.
 * @throws AiGatewayError `ai-stopped`, `ai-consent-missing`, `ai-request-invalid`, `ai-limit-reached`; EngineError
 *   `records-unavailable`: what cannot be asked is refused
 */
export async function openCall(
  engine: EngineContext,
  file: AiGatewayFile,
  call: {
    readonly asked: AskedCall;
    readonly checked: CheckedCall;
    readonly provider: AiProvider;
    readonly tenantId: string;
    readonly patientId: string | undefined;
  },
): Promise<Reservation> {
  const { asked, checked, provider, tenantId, patientId } = call;
  const { purpose } = checked;
  const reserved = { tenantId, purposeId: purpose.id, ...estimateUse(provider, checked) };
  const { rows } = await engine.stores
    .jobsOf(tenantId)
    .query<{ answer: string | null }>(
      'SELECT clinical.open_ai_call($1, $2, $3, $4, $5, $6, $7, $8) AS answer',
      [
        purpose.id,
        provider.id,
        patientId ?? null,
        asked.conversation,
        patientId !== undefined && needsConsent(purpose) ? assistantConsent : null,
        reserved.tokens,
        reserved.costMillionths,
        listLimits(file),
      ],
    );
  const answer = rows[0]?.answer ?? '';
  if (answer === 'open') return reserved;
  throw refusals[answer]?.() ?? new AiGatewayError('ai-check-failed');
}
