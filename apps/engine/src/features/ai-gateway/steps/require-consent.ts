import type { AiPurpose } from '@cordon/access-policy';
import { AiGatewayError } from '@cordon/ai-gateway';
import type { EngineContext } from '../../../walk/engine-context.ts';

/** As `POST /v1/consent-records` takes it. */
export const assistantConsent = 'ai-assistant';

/** Whether a purpose stands on consent (UK GDPR, article 6(1)(a)): then it is asked for before the first message. */
export const needsConsent = ({ lawfulBasis }: AiPurpose): boolean => lawfulBasis.article6 === '6(1)(a)';

/**
 * Where the purpose stands on consent, the patient's last word counts: given, and not withdrawn since (article 7(3)).
 * @throws {AiGatewayError} `ai-consent-missing`
 */
export async function requireConsent(
  engine: EngineContext,
  tenantId: string,
  purpose: AiPurpose,
  patientId: string,
): Promise<void> {
  if (!needsConsent(purpose)) return;
  const last = await engine.stores.withTenantJob(tenantId, async (transaction) => {
    const { rows } = await transaction.query<{ state: string }>(
      `SELECT state FROM clinical.consent_records WHERE tenant_id = $1 AND patient_id = $2 AND consent_kind = $3
       ORDER BY recorded_at DESC, id DESC LIMIT 1`,
      [tenantId, patientId, assistantConsent],
    );
    return rows[0]?.state;
  });
  if (last !== 'given') throw new AiGatewayError('ai-consent-missing');
}
