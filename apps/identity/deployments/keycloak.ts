import type { SignInPolicy } from './policy.ts';

const factorRole = 'factor-required';
const factorWord = 'mfa';

/** What engine and session servers must be told of such a realm. */
export const keycloakSettings = ({ issuerOfTokens: { keycloak: issuer }, audience }: SignInPolicy) => ({
  CORDON_ISSUER_URL: issuer,
  CORDON_AUDIENCE: audience,
  CORDON_JWKS_URL: `${issuer}/protocol/openid-connect/certs`,
  CORDON_TOKEN_ALGORITHMS: 'ES256',
  CORDON_CLAIM_SUBJECT: 'account_id',
  CORDON_CLAIM_CLINICS: 'clinics',
  CORDON_CLAIM_FACTOR: 'amr',
  CORDON_FACTOR_VALUE: factorWord,
});

const execution = (
  authenticator: string,
  requirement: string,
  priority: number,
  authenticatorConfig?: string,
) => ({
  authenticator,
  authenticatorFlow: false,
  requirement,
  priority,
  ...(authenticatorConfig === undefined ? {} : { authenticatorConfig }),
});
const subflow = (flowAlias: string, requirement: string, priority: number) => ({
  authenticatorFlow: true,
  flowAlias,
  requirement,
  priority,
}); // prettier-ignore
const flow = (alias: string, topLevel: boolean, authenticationExecutions: object[]) => ({
  alias,
  providerId: 'basic-flow',
  topLevel,
  builtIn: false,
  authenticationExecutions,
});

const profileAttribute = (name: string, view: string[], more: object = {}) => ({
  name,
  permissions: { view, edit: ['admin'] },
  multivalued: false,
  ...more,
});

/**
 * Attributes that the profile does not declare are dropped without a word, and one that a person may write is a claim that they
 * choose: what becomes a claim is declared, and written by the administration alone.
 */
const userProfile = {
  attributes: [
    profileAttribute('username', ['admin', 'user'], {
      validations: {
        length: { min: 3, max: 255 },
        'username-prohibited-characters': {},
        'up-username-not-idn-homograph': {},
      },
    }),
    profileAttribute('email', ['admin', 'user'], { validations: { email: {}, length: { max: 255 } } }),
    profileAttribute('firstName', ['admin', 'user'], { validations: { length: { max: 255 } } }),
    profileAttribute('lastName', ['admin', 'user'], { validations: { length: { max: 255 } } }),
    ...['account_id', 'tenant_id', 'role', 'patient_record_id'].map((name) =>
      profileAttribute(name, ['admin']),
    ),
    profileAttribute('clinics', ['admin'], { multivalued: true }),
  ],
};

/** A user attribute as a claim of the access token; only the administration may write it. */
const claim = (name: string) => ({
  name,
  protocol: 'openid-connect',
  protocolMapper: 'oidc-usermodel-attribute-mapper',
  config: {
    'user.attribute': name,
    'claim.name': name,
    'jsonType.label': 'String',
    'access.token.claim': 'true',
    'id.token.claim': 'false',
  },
});

/**
 * A realm for Keycloak's import. Every membership is a realm role of its own per tenant, `<role>@<tenant>`; those that must
 * show a factor contain \`factor-required\`, and the browser flow asks the members of that one role for a code or passkey,
 * with enrolment where there is none.
 */
export function toKeycloak(
  policy: SignInPolicy,
  needsFactor: (role: string, tenantId: string) => boolean,
): string {
  const memberships = policy.tenants.flatMap(({ id }) =>
    Object.keys(policy.roles).map((role) => ({
      name: `${role}@${id}`,
      composite: needsFactor(role, id),
      ...(needsFactor(role, id) ? { composites: { realm: [factorRole] } } : {}),
    })),
  );
  const realm = {
    realm: 'cordon',
    enabled: true,
    sslRequired: 'external',
    registrationAllowed: false,
    resetPasswordAllowed: false,
    bruteForceProtected: true,
    permanentLockout: false,
    failureFactor: 10,
    passwordPolicy: 'length(15) and notUsername and notEmail and hashAlgorithm(argon2)',
    otpPolicyType: 'totp',
    otpPolicyCodeReusable: false,
    webAuthnPolicyUserVerificationRequirement: 'required',
    defaultSignatureAlgorithm: 'ES256',
    accessTokenLifespan: policy.accessTokenSeconds,
    revokeRefreshToken: true,
    refreshTokenMaxReuse: 0,
    ssoSessionIdleTimeout: policy.refreshTokenSeconds,
    ssoSessionMaxLifespan: policy.refreshTokenSeconds,
    roles: { realm: [{ name: factorRole, composite: false }, ...memberships] },
    authenticationFlows: [
      flow('cordon browser', true, [subflow('cordon password', 'REQUIRED', 10)]),
      flow('cordon password', false, [
        execution('auth-username-password-form', 'REQUIRED', 10),
        subflow('cordon factor by role', 'CONDITIONAL', 20),
        subflow('cordon factor by choice', 'CONDITIONAL', 30),
      ]),
      flow('cordon factor by role', false, [
        execution('conditional-user-role', 'REQUIRED', 10, 'members of factor-required'),
        subflow('cordon factor', 'REQUIRED', 20),
      ]),
      flow('cordon factor by choice', false, [
        execution('conditional-user-role', 'REQUIRED', 10, 'not members of factor-required'),
        execution('conditional-user-configured', 'REQUIRED', 15),
        subflow('cordon factor', 'REQUIRED', 20),
      ]),
      flow('cordon factor', false, [
        execution('webauthn-authenticator', 'ALTERNATIVE', 10, 'passkey was shown'),
        execution('auth-otp-form', 'ALTERNATIVE', 20, 'code was shown'),
        subflow('cordon enrolment', 'ALTERNATIVE', 30),
      ]),
      // Only an execution that is required sets up what is not there: an alternative is passed over, and the sign-in refused.
      flow('cordon enrolment', false, [execution('auth-otp-form', 'REQUIRED', 10, 'new code was shown')]),
    ],
    authenticatorConfig: [
      { alias: 'members of factor-required', config: { condUserRole: factorRole, negate: 'false' } },
      { alias: 'not members of factor-required', config: { condUserRole: factorRole, negate: 'true' } },
      ...['passkey was shown', 'code was shown', 'new code was shown'].map((alias) => ({
        alias,
        // Becomes a word of `amr`, for as long as the sign-in lasts: how old it is, `auth_time` says.
        config: {
          'default.reference.value': factorWord,
          'default.reference.maxAge': String(policy.refreshTokenSeconds),
        },
      })),
    ],
    browserFlow: 'cordon browser',
    components: {
      'org.keycloak.userprofile.UserProfileProvider': [
        {
          providerId: 'declarative-user-profile',
          subComponents: {},
          config: { 'kc.user.profile.config': [JSON.stringify(userProfile)] },
        },
      ],
    },
    clients: policy.clients.map((client) => ({
      clientId: client.id,
      name: client.name,
      protocol: 'openid-connect',
      publicClient: false,
      clientAuthenticatorType: 'client-secret',
      standardFlowEnabled: true,
      implicitFlowEnabled: false,
      directAccessGrantsEnabled: false,
      serviceAccountsEnabled: false,
      fullScopeAllowed: false,
      redirectUris: [`${client.origin}/auth/callback`],
      webOrigins: [],
      attributes: {
        'pkce.code.challenge.method': 'S256',
        'require.pushed.authorization.requests': 'true',
        'access.token.signed.response.alg': 'ES256',
        'access.token.header.type.rfc9068': 'true',
        'client.use.lightweight.access.token.enabled': 'false',
        'post.logout.redirect.uris': `${client.origin}/`,
        'backchannel.logout.url': `${client.origin}/auth/backchannel-logout`,
        'backchannel.logout.session.required': 'true',
      },
      protocolMappers: [
        {
          name: 'engine audience',
          protocol: 'openid-connect',
          protocolMapper: 'oidc-audience-mapper',
          config: { 'included.custom.audience': policy.audience, 'access.token.claim': 'true' },
        },
        claim('tenant_id'),
        claim('role'),
        claim('patient_record_id'),
        claim('account_id'),
        { ...claim('clinics'), config: { ...claim('clinics').config, multivalued: 'true' } },
        {
          name: 'amr',
          protocol: 'openid-connect',
          protocolMapper: 'oidc-amr-mapper',
          config: { 'access.token.claim': 'true', 'id.token.claim': 'true' },
        },
      ],
    })),
  };
  return `${JSON.stringify(realm, null, 2)}\n`;
}
