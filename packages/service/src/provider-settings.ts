import { z } from 'zod';
import { secureUrl } from './settings.ts';

/** A claim's name: of the JWT registry, or a URL as providers ask for that keep the plain names to themselves. */
export const claimName = (usual: string) =>
  z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, 'is not the name of a claim')
    .default(usual);

/**
 * What any OpenID provider's tokens are recognised by. Spread it into the settings of a process that takes them. The
 * issuer is compared to the letter (OpenID Connect Core 1.0, 3.1.3.7): a slash at its end belongs to it.
 */
export const tokenSettings = {
  CORDON_ISSUER_URL: secureUrl,
  CORDON_AUDIENCE: z.string().min(1).max(200).default('urn:cordon:engine'),
  CORDON_CLAIM_TENANT_ID: claimName('tenant_id'),
  CORDON_CLAIM_ROLE: claimName('role'),
  CORDON_CLAIM_SESSION: claimName('sid'),
  CORDON_CLAIM_AUTH_TIME: claimName('auth_time'),
  /** Says that a second factor was shown, when it is or holds `CORDON_FACTOR_VALUE`: `acr`, or a list such as `amr`. */
  CORDON_CLAIM_FACTOR: claimName('acr'),
  CORDON_FACTOR_VALUE: z.string().min(1).max(100).default('urn:cordon:acr:mfa'),
};

/** What a session server needs on top, to send people to the provider. */
export const providerSettings = {
  ...tokenSettings,
  CORDON_CLIENT_ID: z.string().min(1).max(64),
  /** What the provider is asked for where a fresh factor is due (`acr_values`, OpenID Connect Core 1.0, 3.1.2.1). */
  CORDON_STEP_UP_ACR: z.string().regex(/^[\x21-\x7e]{1,200}$/).default('urn:cordon:acr:mfa'),
  CORDON_SIGN_IN_SCOPE: z.string().max(1_000).regex(/^openid[\x20-\x7e]*$/, 'must begin with openid').default('openid offline_access'),
  /** Further parameters of the authorization request, as a query: `audience=urn:cordon:engine` for Auth0. */
  CORDON_SIGN_IN_PARAMETERS: z
    .string()
    .max(1_000)
    .default('')
    .transform((text) => Object.fromEntries(new URLSearchParams(text))),
  /** Only a provider without pushed requests (RFC 9126) needs `where-offered`: its requests travel through the browser. */
  CORDON_PUSHED_REQUESTS: z.enum(['always', 'where-offered']).default('always'),
}; // prettier-ignore

type ProviderSettings = z.output<z.ZodObject<typeof providerSettings>>;

/** In the words of the session server of `@cordon/web-guard`. */
export function toProviderOptions(values: ProviderSettings) {
  return {
    issuer: values.CORDON_ISSUER_URL,
    clientId: values.CORDON_CLIENT_ID,
    resource: values.CORDON_AUDIENCE,
    scope: values.CORDON_SIGN_IN_SCOPE,
    parameters: values.CORDON_SIGN_IN_PARAMETERS,
    allowUnpushedRequests: values.CORDON_PUSHED_REQUESTS === 'where-offered',
    claims: {
      tenantId: values.CORDON_CLAIM_TENANT_ID,
      role: values.CORDON_CLAIM_ROLE,
      sid: values.CORDON_CLAIM_SESSION,
      factor: values.CORDON_CLAIM_FACTOR,
      factorValue: values.CORDON_FACTOR_VALUE,
      authTime: values.CORDON_CLAIM_AUTH_TIME,
    },
    stepUpAcr: values.CORDON_STEP_UP_ACR,
  };
}
