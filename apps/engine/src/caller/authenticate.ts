import { hash as hashOnce } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { JWTVerifyGetKey } from 'jose';
import { EngineError, type EngineErrorCode } from '../error.ts';
import type { Caller, RequestCaller } from './caller.ts';
import { readClientAddress } from './client-address.ts';
import type { RefusalReason, Refusals } from './refusals.ts';
import type { RevokedSessions } from './revoked-sessions.ts';
import type { TokenIssuer } from './token-issuer.ts';
import { createVerifyToken, namedIssuer, type VerifyToken } from './verify-token.ts';

export type Authenticate = (request: FastifyRequest) => Promise<RequestCaller>;

/** Roles that administer or audit never act on a password alone, whatever the provider let through. */
const factorRoles = new Set(['role.admin', 'role.corporateAdmin', 'role.auditor']);
const bearer = /^Bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/;
const longestToken = 16_384;
const mostCached = 10_000;
/** A key that its issuer withdraws signs for nobody within minutes, whatever end its holder wrote into the tokens. */
const verifiedForMs = 5 * 60_000;

/**
 * Who asks, by the access token: verified (verify-token.ts), of a session that was not revoked, with a factor where the role
 * needs one. A verified token is remembered by its hash for some minutes, until it ends at most, for the signature is the largest single cost of a
 * read; revocation is asked each time. Each refusal leaves its entry.
 */
export function createAuthenticate(options: {
  issuer: TokenIssuer;
  revoked: RevokedSessions;
  refusals: Refusals;
  keys?: JWTVerifyGetKey;
  /** Takes the tokens of visitors; without it there are none. */
  visitors?: { readonly issuer: string; readonly verify: VerifyToken } | undefined;
}): Authenticate {
  const verifyPerson = createVerifyToken(options.issuer, options.keys);
  const { visitors } = options;
  const verify: VerifyToken = (token) =>
    visitors !== undefined && namedIssuer(token) === visitors.issuer
      ? visitors.verify(token)
      : verifyPerson(token);
  const verified = new Map<string, { readonly caller: Caller; readonly until: number }>();

  function remember(hash: string, caller: Caller, since: number): void {
    if (verified.size >= mostCached) {
      const oldest = verified.keys().next().value;
      if (oldest !== undefined) verified.delete(oldest);
    }
    verified.set(hash, { caller, until: Math.min(caller.expiresAt * 1000, since + verifiedForMs) });
  }

  function recall(hash: string): Caller | undefined {
    const known = verified.get(hash);
    if (known === undefined || known.until > Date.now()) return known?.caller;
    verified.delete(hash);
    return undefined;
  }

  return async (request) => {
    const refuse = async (code: EngineErrorCode, reason: RefusalReason, caller?: Caller): Promise<never> => {
      await options.refusals.report({
        reason,
        caller,
        requestId: request.id,
        clientAddress: readClientAddress(request),
      });
      throw new EngineError(code, { detail: reason });
    };
    const header = request.headers.authorization;
    if (header === undefined) throw new EngineError('token-missing');
    const presented = header.length <= longestToken ? bearer.exec(header)?.[1] : undefined;
    if (presented === undefined) return refuse('token-invalid', 'token-malformed');
    const hash = hashOnce('sha256', presented, 'base64');
    let caller = recall(hash);
    if (caller === undefined) {
      const since = Date.now();
      const outcome = await verify(presented);
      if (typeof outcome === 'string') return refuse('token-invalid', outcome);
      caller = outcome;
      remember(hash, caller, since);
    }
    if (options.revoked.has(caller.sessionId)) return refuse('session-revoked', 'session-revoked', caller);
    if (factorRoles.has(caller.role) && caller.factorShownAt === undefined)
      return refuse('factor-missing', 'factor-missing', caller);
    return { ...caller, requestId: request.id, clientAddress: readClientAddress(request) };
  };
}
