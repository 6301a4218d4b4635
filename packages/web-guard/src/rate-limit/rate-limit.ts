import { hash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { WebGuardError } from '../error.ts';
import { createMemoryRateLimitStore, type RateLimitRule, type RateLimitStore } from './rate-limit-store.ts';

/** Whose requests are counted together. A known caller is counted as itself, anybody else by address. */
export interface RateLimitSubject {
  /** `null` only where no tenant is known yet. Always part of the key: tenants share no count. */
  readonly tenantId: string | null;
  readonly caller?: string | undefined;
  readonly address?: string | undefined;
}

export interface RateLimit {
  /**
   * Counts one request.
   * @throws WebGuardError `rate-limited` (429) with `retryAfterSeconds`.
   */
  take(rule: RateLimitRule, subject: RateLimitSubject): Promise<void>;
  /** The same as an `onRequest` or `preHandler` hook of a route. Without `subjectOf`, counts by address. */
  hook(
    rule: RateLimitRule,
    subjectOf?: (request: FastifyRequest) => RateLimitSubject,
  ): (request: FastifyRequest) => Promise<void>;
}

/** The first 64 bits of an IPv6 address: one customer holds them all (RFC 6177), and could walk through the rest. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1] !== undefined) return mapped[1];
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%', 1)[0]?.split('::') ?? [];
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array<string>(zeros).fill('0'), ...right];
  return groups.slice(0, 4).map((group) => parseInt(group, 16).toString(16)).join(':'); // prettier-ignore
}

/** Hashed: keys keep one length however long the caller's name, and the store holds no address. */
function keyOf(rule: RateLimitRule, subject: RateLimitSubject): string {
  const who =
    subject.caller !== undefined ? ['caller', subject.caller] : ['address', networkOf(subject.address ?? '')];
  return hash('sha256', JSON.stringify([rule.name, subject.tenantId, ...who]), 'base64url');
}

/**
 * One place that says who asks too often. `now` is in milliseconds since 1970 and there for tests.
 */
export function createRateLimit(
  options: { store?: RateLimitStore; maxKeys?: number; now?: () => number } = {},
): RateLimit {
  const store =
    options.store ??
    createMemoryRateLimitStore(options.maxKeys === undefined ? {} : { maxKeys: options.maxKeys });
  const now = options.now ?? Date.now;
  async function take(rule: RateLimitRule, subject: RateLimitSubject): Promise<void> {
    const decision = await store.take(keyOf(rule, subject), rule, now());
    if (decision.allowed) return;
    throw new WebGuardError('rate-limited', 'Too many requests. Wait a moment, then try again.', {
      detail: rule.name,
      retryAfterSeconds: decision.retryAfterSeconds,
    });
  }
  return {
    take,
    hook:
      (rule, subjectOf = (request) => ({ tenantId: null, address: request.ip })) =>
      (request) =>
        take(rule, subjectOf(request)),
  };
}
