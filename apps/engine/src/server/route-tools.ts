import { PUBLIC_ROLE_ID, type Action, type DataClassId } from '@cordon/access-policy';
import type { RateLimit } from '@cordon/web-guard';
import type { FastifyInstance, FastifyRequest, RawServerDefault } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Authenticate } from '../caller/authenticate.ts';
import type { RequestCaller } from '../caller/caller.ts';
import { EngineError } from '../error.ts';
import { wasDecided } from '../pipeline/decide.ts';
import type { EngineContext } from '../pipeline/engine-context.ts';

export type EngineServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Requests that one caller may send to the routes of one kind, in so many seconds. */
const rateRules = {
  read: { name: 'engine.read', limit: 600, windowSeconds: 60 },
  write: { name: 'engine.write', limit: 120, windowSeconds: 60 },
  intake: { name: 'engine.intake', limit: 30, windowSeconds: 60 },
  alerts: { name: 'engine.alerts', limit: 120, windowSeconds: 60 },
  emergency: { name: 'engine.emergency', limit: 10, windowSeconds: 600 },
  ai: { name: 'engine.ai', limit: 60, windowSeconds: 60 },
} as const;
export type RateRuleName = keyof typeof rateRules;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route's handler asks the access policy; `null` for routes that disclose nothing of anybody else. */
    decides?: { readonly action: Action; readonly dataClass: DataClassId } | null;
    /** Whether visitors of the public site, whom nobody knows, may ask as well. */
    visitors?: true;
  }
}

/** What a feature's routes are made with. */
export interface RouteTools {
  readonly server: EngineServer;
  readonly engine: EngineContext;
  /** An `onRequest` hook: authenticates and counts before any body is read. */
  enter(rule: RateRuleName): (request: FastifyRequest) => Promise<void>;
  callerOf(request: FastifyRequest): RequestCaller;
  /** For answers that go on: asks whether the token is still good. @throws EngineError as `enter` does */
  enterAgain(request: FastifyRequest): Promise<void>;
}

export function createRouteTools(options: {
  server: EngineServer;
  engine: EngineContext;
  authenticate: Authenticate;
  rateLimit: RateLimit;
}): RouteTools {
  const callers = new WeakMap<FastifyRequest, RequestCaller>();
  refuseUndecided(options.server, callers);
  return {
    server: options.server,
    engine: options.engine,
    enter: (rule) => async (request) => {
      const caller = await options.authenticate(request);
      if (caller.role === PUBLIC_ROLE_ID && request.routeOptions.config.visitors !== true)
        throw new EngineError('access-denied', { detail: 'the route is not for visitors' });
      await options.rateLimit.take(rateRules[rule], { tenantId: caller.tenantId, caller: caller.subject });
      callers.set(request, caller);
    },
    enterAgain: async (request) => {
      await options.authenticate(request);
    },
    callerOf(request) {
      const caller = callers.get(request);
      if (caller === undefined)
        throw new EngineError('token-missing', { detail: 'the route has no enter hook' });
      return caller;
    },
  };
}

/**
 * Holds every route to the one decision point: a route that does not say what it decides is not registered, and an answer
 * that was made without asking the policy does not leave.
 */
function refuseUndecided(server: EngineServer, callers: WeakMap<FastifyRequest, RequestCaller>): void {
  server.addHook('onRoute', ({ method, url, config }) => {
    if (config?.decides === undefined)
      throw new TypeError(
        `${String(method)} ${url} does not say in config.decides what it asks the access policy`,
      );
  });
  server.addHook('onSend', (request, reply, _payload, done) => {
    const caller = callers.get(request);
    const mustDecide = request.routeOptions.config.decides !== null && reply.statusCode < 400;
    if (mustDecide && (caller === undefined || !wasDecided(caller)))
      done(new EngineError('access-denied', { detail: 'the route answered without a decision' }));
    else done();
  });
}
