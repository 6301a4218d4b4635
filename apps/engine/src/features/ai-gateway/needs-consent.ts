import type { AiPurpose } from '@cordon/access-policy';

/** As `POST /v1/consent-records` takes it. */
export const assistantConsent = 'ai-assistant';

/** Whether a purpose stands on consent (UK GDPR, article 6(1)(a)): then it is asked for before the first message. */
export const needsConsent = ({ lawfulBasis }: AiPurpose): boolean => lawfulBasis.article6 === '6(1)(a)';
