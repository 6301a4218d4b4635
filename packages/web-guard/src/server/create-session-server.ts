import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createCookie } from '../guard/cookies.ts';
import { requestGuardPlugin } from '../guard/request-guard.ts';
import type { PolicyAdditions } from '../headers/content-policy.ts';
import { securityHeadersPlugin } from '../headers/plugin.ts';
import { createRateLimit, type RateLimit } from '../rate-limit/rate-limit.ts';
import { usualLimits, type SessionServerLimits } from './limits.ts';
import { sessionEnded, sessionLocked, sessionMissing, type OpenSession } from '../session/open-session.ts';
import { createSessionCipher } from '../session/session-cipher.ts';
import type { SessionLimits, WhenIdle } from '../session/session-limits.ts';
import type { SessionStore } from '../session/session-store.ts';
import { createSessions, type Sessions } from '../session/sessions.ts';
import type { SessionTokens } from '../session/tokens.ts';
import { registerSignIn, type AuthContext, type SessionEvent } from './auth-routes.ts';
import { registerEngineProxy, type EngineProxyOptions } from './engine-proxy.ts';
import { registerFramedPages, registerPages, type FramedPages, type PageOptions } from './pages.ts';
import { createProvider, type ProviderOptions } from './provider.ts';
import { registerBackchannelLogout, registerLock, registerSession } from './session-routes.ts';
import { registerSessionList } from './session-list.ts';
import { usualStepUpAcr } from './read-tokens.ts';
import { createSignInStates } from './sign-in-state.ts';

export interface SessionServerOptions extends EngineProxyOptions {
  /** A Fastify server without routes of its own yet; health routes may follow. */
  readonly server: FastifyInstance;
  /** Short name, part of the cookie's name. */
  readonly app: string;
  /** Scheme, host and port under which browsers reach this server. */
  readonly publicUrl: string;
  readonly provider: ProviderOptions;
  readonly store: SessionStore;
  /** 32 random bytes; another key ends all sessions. */
  readonly sessionKey: Buffer;
  readonly limits: SessionLimits;
  /** Default: it ends. A store of its own kind belongs to locking (`locks` of `createPostgresSessionStore`). */
  readonly whenIdle?: WhenIdle;
  /** Whether this app is for the person; asked at sign-in and at each refresh. */
  readonly admits: (tokens: Pick<SessionTokens, 'role' | 'tenantId'>) => boolean;
  /** A sentence for those it is not for. */
  readonly notAdmitted: string;
  readonly pages?: PageOptions;
  /** Pages that this app's own pages show in a frame, with a policy of their own. */
  readonly framed?: FramedPages;
  readonly policy?: PolicyAdditions;
  readonly rateLimit?: RateLimit;
  readonly limitRules?: Partial<SessionServerLimits>;
  /** Routes of the host application: probes, which answer to any host name. */
  readonly probes?: readonly string[];
  readonly onEvent?: (event: SessionEvent) => void;
}

export interface SessionServer {
  readonly sessions: Sessions;
  /** Resolves when the provider answers now. */
  readonly ready: () => Promise<void>;
}

/** How long a factor stands for exports, erasures, changes of policy. */
const freshFactorSeconds = 300;

/** Live updates and what a page asks by itself keep nobody signed in. */
function isActivity(request: FastifyRequest): boolean {
  return (
    request.headers['x-cordon-passive'] === undefined &&
    request.headers.accept?.includes('text/event-stream') !== true
  );
}

/**
 * A backend for one browser application: headers and guard on every route, sign-in by OpenID Connect, sessions whose
 * tokens never reach the browser, the API behind `/api/v1/*`, and the application's pages.
 */
export async function createSessionServer(options: SessionServerOptions): Promise<SessionServer> {
  const { server, app, publicUrl, limits, store, admits } = options;
  const cipher = createSessionCipher(options.sessionKey);
  const provider = createProvider(options.provider);
  const sessions = createSessions({ store, cipher, limits, tokenSource: provider, admits });
  const rateLimit = options.rateLimit ?? createRateLimit();
  const cookie = createCookie({ app, publicOrigin: publicUrl, site: 'strict' });
  const whenIdle = options.whenIdle ?? 'ends';
  const readableLocked = whenIdle === 'ends' ? [] : whenIdle.locks.mayRead;
  const limitRules = { ...usualLimits, ...options.limitRules };
  const context: AuthContext = {
    limitRules,
    publicUrl,
    cookie,
    states: createSignInStates({ app, publicOrigin: publicUrl, cipher }),
    sessions,
    provider,
    rateLimit,
    stepUp: { acr: options.provider.stepUpAcr ?? usualStepUpAcr, seconds: freshFactorSeconds },
    admits,
    notAdmitted: options.notAdmitted,
    onEvent: options.onEvent ?? (() => undefined),
  };
  const mayReadLocked = (request: FastifyRequest) =>
    request.method === 'GET' && readableLocked.includes((request.raw.url ?? '').replace(/^\/api/, ''));

  const { framed } = options;
  await server.register(securityHeadersPlugin, {
    profile: 'page',
    additions: { ...options.policy, ...(framed && { framesFrom: ["'self'"] }) },
    ...(framed && { framedBelow: framed.below }),
  });
  const probes = options.probes ?? [];
  await server.register(requestGuardPlugin, {
    publicOrigin: publicUrl,
    pages: [
      ...['/*', '/assets/*', '/auth/sign-in', '/auth/callback', '/auth/session'],
      ...(framed ? [`${framed.below}/*`, `${framed.below}/assets/*`] : []),
    ],
    machines: ['/auth/backchannel-logout'],
    anyHost: probes,
  });
  registerSignIn(server, context);
  registerSession(server, context);
  if (whenIdle !== 'ends') registerLock(server, context);
  registerSessionList(server, context);
  registerBackchannelLogout(server, context);

  async function open(request: FastifyRequest): Promise<OpenSession> {
    const use = isActivity(request) ? 'activity' : 'look';
    const id = cookie.read(request.headers.cookie);
    const session = await sessions.find(id, use);
    if (session === undefined) throw sessionMissing(id);
    if (session.locked && !mayReadLocked(request)) throw sessionLocked();
    await rateLimit.take(limitRules.api, {
      tenantId: session.tokens.tenantId,
      caller: session.handle,
    });
    return sessions.withFreshTokens(session);
  }

  await registerEngineProxy(server, options, {
    open,
    outlivesIdle: mayReadLocked,
    mayGoOn: async (request) => {
      const session = await sessions.find(cookie.read(request.headers.cookie), 'look');
      return session !== undefined && (!session.locked || mayReadLocked(request));
    },
    refused: async (session, requestId) => {
      const { tenantId, role } = session.tokens;
      context.onEvent({ event: 'token-refused', requestId, tenantId, role });
      await sessions.end(session);
      return sessionEnded('token refused');
    },
  });
  if (options.pages) await registerPages(server, options.pages);
  if (framed) await registerFramedPages(server, framed);
  return { sessions, ready: () => provider.ready() };
}
