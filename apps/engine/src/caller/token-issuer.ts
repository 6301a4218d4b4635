import { claimName, secureUrl, tokenSettings } from '@cordon/service';
import { z } from 'zod';

/** Asymmetric only: with one of them a public key can never pass for a shared secret. */
const algorithm = z.enum([
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
]);

/** The provider whose access tokens are taken, in the process's environment. Defaults are the embedded provider's. */
export const issuerSettings = {
  ...tokenSettings,
  /** Where its keys are published; default `<issuer>/jwks`. */
  CORDON_JWKS_URL: secureUrl.optional(),
  CORDON_TOKEN_ALGORITHMS: z
    .string()
    .default('ES256')
    .transform((text) => text.split(','))
    .pipe(z.array(algorithm).min(1)),
  /** The account's UUID. Some providers keep `sub` for a name of their own. */
  CORDON_CLAIM_SUBJECT: claimName('sub'),
  /** Words `clinic/<id>.read`, `clinic/<id>.write`, in a string or a list. */
  CORDON_CLAIM_CLINICS: claimName('scope'),
  CORDON_CLAIM_PATIENT_RECORD_ID: claimName('patient_record_id'),
}; // prettier-ignore

export interface ClaimNames {
  readonly subject: string;
  readonly sessionId: string;
  readonly tenantId: string;
  readonly role: string;
  readonly clinics: string;
  readonly patientRecordId: string;
  readonly authTime: string;
  readonly factor: string;
  /** What the factor's claim must be or hold. */
  readonly factorValue: string;
}

export interface TokenIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
  readonly algorithms: readonly string[];
  readonly claims: ClaimNames;
}

export function toIssuer(read: z.output<z.ZodObject<typeof issuerSettings>>): TokenIssuer {
  const issuer = read.CORDON_ISSUER_URL;
  return {
    issuer,
    audience: read.CORDON_AUDIENCE,
    jwksUrl: read.CORDON_JWKS_URL ?? `${issuer.replace(/\/$/, '')}/jwks`,
    algorithms: read.CORDON_TOKEN_ALGORITHMS,
    claims: {
      subject: read.CORDON_CLAIM_SUBJECT,
      sessionId: read.CORDON_CLAIM_SESSION,
      tenantId: read.CORDON_CLAIM_TENANT_ID,
      role: read.CORDON_CLAIM_ROLE,
      clinics: read.CORDON_CLAIM_CLINICS,
      patientRecordId: read.CORDON_CLAIM_PATIENT_RECORD_ID,
      authTime: read.CORDON_CLAIM_AUTH_TIME,
      factor: read.CORDON_CLAIM_FACTOR,
      factorValue: read.CORDON_FACTOR_VALUE,
    },
  };
}
