import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readClaims } from './token-claims.ts';
import { issuerSettings, toIssuer } from './token-issuer.ts';

const read = (environment: Record<string, string> = {}) =>
  toIssuer(z.object(issuerSettings).parse({ CORDON_ISSUER_URL: 'https://sign-in.example', ...environment }));
const [accountId, tenantId, clinicId] = [randomUUID(), randomUUID(), randomUUID()];
const own = {
  sub: accountId,
  exp: 2_000_000_000,
  sid: 'session-1',
  tenant_id: tenantId,
  role: 'role.clinician',
  scope: `openid clinic/${clinicId}.read clinic/${clinicId}.write`,
  acr: 'urn:cordon:acr:mfa',
  auth_time: 1_900_000_000,
};
const caller = {
  subject: accountId,
  role: 'role.clinician',
  tenantId,
  clinicIds: [clinicId],
  patientRecordId: undefined,
  sessionId: 'session-1',
  expiresAt: 2_000_000_000,
  factorShownAt: 1_900_000_000,
};

describe('the claims of an access token', () => {
  it('are read under the names of the embedded provider', () => {
    expect(readClaims(own, read().claims)).toEqual(caller);
  });

  it('are read under other names, clinics and factor as lists', () => {
    const { claims } = read({
      CORDON_CLAIM_SUBJECT: 'https://clinic.example/account',
      CORDON_CLAIM_SESSION: 'session',
      CORDON_CLAIM_TENANT_ID: 'https://clinic.example/tenant',
      CORDON_CLAIM_ROLE: 'https://clinic.example/role',
      CORDON_CLAIM_CLINICS: 'permissions',
      CORDON_CLAIM_FACTOR: 'amr',
      CORDON_FACTOR_VALUE: 'mfa',
      CORDON_CLAIM_AUTH_TIME: 'https://clinic.example/auth_time',
    });
    const other = {
      sub: 'auth0|1',
      exp: own.exp,
      session: own.sid,
      amr: ['pwd', 'mfa'],
      permissions: own.scope.split(' '),
      'https://clinic.example/account': accountId,
      'https://clinic.example/tenant': tenantId,
      'https://clinic.example/role': own.role,
      'https://clinic.example/auth_time': own.auth_time,
    };
    expect(readClaims(other, claims)).toEqual(caller);
    expect(readClaims({ ...other, amr: ['pwd'] }, claims)?.factorShownAt).toBeUndefined();
    expect(readClaims(own, claims)).toBeNull();
  });

  it.each([
    ['a role that nobody knows', { role: 'role.god' }],
    ['a subject that is no account id', { sub: 'auth0|1' }],
    ['no tenant', { tenant_id: undefined }],
    ['no session', { sid: undefined }],
    ['a patient record without being a patient', { patient_record_id: randomUUID() }],
    ['a patient without a record', { role: 'role.patient' }],
    ['clinics that are no words', { scope: { clinic: clinicId } }],
  ])('are nothing with %s', (_case, change) => {
    expect(readClaims({ ...own, ...change }, read().claims)).toBeNull();
  });

  it('show no factor where the context is another, and open no clinic whose word is malformed', () => {
    const password = { ...own, acr: 'urn:cordon:acr:password' };
    expect(readClaims(password, read().claims)?.factorShownAt).toBeUndefined();
    expect(readClaims({ ...own, scope: `clinic/${clinicId}.delete clinic/*.read` }, read().claims)?.clinicIds).toEqual([]);
  }); // prettier-ignore
});

describe('the provider whose tokens are taken', () => {
  it('is the embedded one unless said otherwise: ES256, keys beside the issuer', () => {
    expect(read()).toMatchObject({
      audience: 'urn:cordon:engine',
      jwksUrl: 'https://sign-in.example/jwks',
      algorithms: ['ES256'],
    });
  });

  it('may sign otherwise, but never with a shared secret or not at all', () => {
    expect(read({ CORDON_TOKEN_ALGORITHMS: 'RS256,PS256' }).algorithms).toEqual(['RS256', 'PS256']);
    for (const algorithms of ['HS256', 'none', 'ES256,HS512', ''])
      expect(() => read({ CORDON_TOKEN_ALGORITHMS: algorithms })).toThrow();
  });

  it('keeps the slash that its name ends with', () => {
    const { issuer, jwksUrl } = read({ CORDON_ISSUER_URL: 'https://clinic.eu.auth0.com/' });
    expect([issuer, jwksUrl]).toEqual(['https://clinic.eu.auth0.com/', 'https://clinic.eu.auth0.com/jwks']);
  });
});
