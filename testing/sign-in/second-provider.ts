import type { JWTPayload } from 'jose';
import {
  Events,
  OAuth2Server,
  type MutableResponse,
  type MutableToken,
  type TokenRequestIncomingMessage,
} from 'oauth2-mock-server';
import type { SeedAccount } from '../engine/run-engine-on.ts';
import type { IssuerUnderTest } from './hostile-tokens.ts';

const space = 'https://clinic.example/claims';

/** What engine and session servers are told of it: nothing is called as the embedded provider calls it. */
export const secondProviderNames = {
  CORDON_CLAIM_TENANT_ID: `${space}/tenant`,
  CORDON_CLAIM_ROLE: `${space}/role`,
  CORDON_CLAIM_SESSION: `${space}/session`,
  CORDON_CLAIM_AUTH_TIME: `${space}/proven`,
  CORDON_CLAIM_FACTOR: 'amr',
  CORDON_FACTOR_VALUE: 'mfa',
};
export const secondEngineNames = {
  ...secondProviderNames,
  CORDON_TOKEN_ALGORITHMS: 'RS256',
  CORDON_CLAIM_SUBJECT: `${space}/account`,
  CORDON_CLAIM_CLINICS: 'permissions',
  CORDON_CLAIM_PATIENT_RECORD_ID: `${space}/record`,
};

/** An OpenID Connect server that shares no code with the embedded one: RS256, no pushed requests, claims of other names. */
export interface SecondProvider {
  readonly issuer: string;
  readonly seen: { grants: string[] };
  /** While true, refreshes are refused. */
  refuses: boolean;
  /** Who signs in next. */
  next(
    account: SeedAccount,
    more?: { readonly session?: string; readonly seconds?: number; readonly claims?: JWTPayload },
  ): void;
  issuerFor(account: SeedAccount): IssuerUnderTest;
  close(): Promise<void>;
}

const claimsOf = (account: SeedAccount, session: string): JWTPayload => ({
  sub: `second|${account.accountId}`,
  amr: ['pwd', 'mfa'],
  acr: 'urn:cordon:acr:mfa',
  auth_time: Math.floor(Date.now() / 1000),
  permissions: account.clinicIds.flatMap((id) => [`clinic/${id}.read`, `clinic/${id}.write`]),
  [`${space}/account`]: account.accountId,
  [`${space}/tenant`]: account.tenantId,
  [`${space}/role`]: account.role,
  [`${space}/session`]: session,
  [`${space}/proven`]: Math.floor(Date.now() / 1000),
  ...(account.patientRecordId === null ? {} : { [`${space}/record`]: account.patientRecordId }),
});

export async function startSecondProvider(): Promise<SecondProvider> {
  const server = new OAuth2Server();
  const key = await server.issuer.keys.generate('RS256');
  await server.start(0, 'localhost');
  const issuer = String(server.issuer.url);
  let claims: JWTPayload = {};
  let seconds = 900;
  const grants: string[] = [];

  server.service.on(
    Events.BeforeTokenSigning,
    (token: MutableToken, request: TokenRequestIncomingMessage) => {
      grants.push(request.body.grant_type);
      const { payload } = token;
      const identity = payload['aud'] !== undefined;
      const lives = { exp: payload.iat + seconds };
      Object.assign(payload, claims, lives, identity ? {} : { aud: 'urn:cordon:engine' });
      if (!identity) token.header['typ'] = 'at+jwt';
    },
  );
  server.service.on(
    Events.BeforeResponse,
    (answer: MutableResponse, request: TokenRequestIncomingMessage) => {
      if (!provider.refuses || request.body.grant_type !== 'refresh_token') return;
      answer.statusCode = 400;
      answer.body = { error: 'invalid_grant' };
    },
  );

  const provider: SecondProvider = {
    issuer,
    seen: { grants },
    refuses: false,
    next(account, more = {}) {
      claims = { ...claimsOf(account, more.session ?? 'session-of-second'), ...more.claims };
      seconds = more.seconds ?? 900;
    },
    issuerFor(account) {
      const now = Math.floor(Date.now() / 1000);
      const times = { iat: now, exp: now + 900 };
      return {
        key,
        claims: { ...claimsOf(account, 'session-of-test'), ...times, iss: issuer, aud: 'urn:cordon:engine' },
      };
    },
    close: () => server.stop(),
  };
  return provider;
}
