import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { EngineError } from '../error.ts';
import type { Caller, RequestCaller } from './caller.ts';
import type { RevokedSessions } from './revoked-sessions.ts';
import { readClaims } from './token-claims.ts';
import type { TokenIssuer } from './token-issuer.ts';

export type Authenticate = (request: FastifyRequest) => Promise<RequestCaller>;

/** Roles that administer or audit never act on a password alone, whatever the provider let through. */
const factorRoles = new Set(['role.admin', 'role.corporateAdmin', 'role.auditor']);
const bearer = /^Bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/;
const longestToken = 16_384;
const mostCached = 10_000;

/**
 * Verifies access tokens (RFC 9068): signature by the issuer's published keys, configured algorithms alone, issuer, audience,
 * type, times; then that the session was not revoked. A verified token is remembered by its hash until it ends, for the signature is the
 * largest single cost of a read; revocation is asked each time.
 */
export function createAuthenticate(options: {
  issuer: TokenIssuer;
  revoked: RevokedSessions;
  keys?: JWTVerifyGetKey;
}): Authenticate {
  const { issuer, audience, jwksUrl, claims } = options.issuer;
  const keys = options.keys ?? createRemoteJWKSet(new URL(jwksUrl), { timeoutDuration: 3_000 });
  const demands = {
    algorithms: [...options.issuer.algorithms],
    issuer,
    audience,
    typ: 'at+jwt',
    clockTolerance: 5,
    requiredClaims: ['exp', 'iat', claims.subject, claims.sessionId],
  };
  const verified = new Map<string, Caller>();

  async function verify(token: string): Promise<Caller> {
    try {
      const { payload } = await jwtVerify(token, keys, demands);
      const caller = readClaims(payload, claims);
      if (caller === null)
        throw new EngineError('token-invalid', { detail: 'a claim is missing or malformed' });
      return caller;
    } catch (error) {
      if (error instanceof EngineError) throw error;
      const detail = error instanceof errors.JOSEError ? error.code : 'the keys could not be fetched';
      throw new EngineError('token-invalid', { detail, cause: error });
    }
  }

  function remember(hash: string, caller: Caller): void {
    if (verified.size >= mostCached) {
      const oldest = verified.keys().next().value;
      if (oldest !== undefined) verified.delete(oldest);
    }
    verified.set(hash, caller);
  }

  return async (request) => {
    const header = request.headers.authorization;
    if (header === undefined) throw new EngineError('token-missing');
    const presented = header.length <= longestToken ? bearer.exec(header)?.[1] : undefined;
    if (presented === undefined) throw new EngineError('token-invalid', { detail: 'no bearer token' });
    const hash = createHash('sha256').update(presented).digest('base64');
    let caller = verified.get(hash);
    if (caller !== undefined && caller.expiresAt * 1000 <= Date.now()) {
      verified.delete(hash);
      caller = undefined;
    }
    if (caller === undefined) {
      caller = await verify(presented);
      remember(hash, caller);
    }
    if (options.revoked.has(caller.sessionId)) throw new EngineError('session-revoked');
    if (factorRoles.has(caller.role) && caller.factorShownAt === undefined)
      throw new EngineError('factor-missing');
    return { ...caller, requestId: request.id, clientAddress: request.ip };
  };
}
