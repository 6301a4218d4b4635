import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { WebGuardError } from '../error.ts';
import type { GuardedCookie } from '../guard/cookies.ts';
import { safeReturnPath } from '../guard/return-path.ts';
import type { RateLimit } from '../rate-limit/rate-limit.ts';
import { describeBrowser } from '../session/describe-browser.ts';
import type { Sessions } from '../session/sessions.ts';
import type { SessionTokens } from '../session/tokens.ts';
import type { SessionServerLimits } from './limits.ts';
import { renderPlainPage } from './plain-page.ts';
import type { Provider } from './provider.ts';
import type { SignInStates } from './sign-in-state.ts';

/** What the routes of one session server share. */
export interface AuthContext {
  readonly publicUrl: string;
  readonly cookie: GuardedCookie;
  readonly states: SignInStates;
  readonly sessions: Sessions;
  readonly provider: Provider;
  readonly rateLimit: RateLimit;
  readonly limitRules: SessionServerLimits;
  /** The authentication context of a fresh factor, and for how long it counts as fresh. */
  readonly stepUp: { readonly acr: string; readonly seconds: number };
  readonly admits: (tokens: SessionTokens) => boolean;
  /** A sentence for people who signed in with an account that belongs elsewhere. */
  readonly notAdmitted: string;
  readonly onEvent: (event: SessionEvent) => void;
}

export interface SessionEvent {
  readonly event:
    | 'signed-in'
    | 'signed-out'
    | 'sign-in-refused'
    | 'sessions-ended'
    | 'logged-out-by-provider'
    | 'token-refused';
  readonly requestId: string;
  readonly tenantId?: string;
  readonly role?: string;
  readonly code?: string;
  readonly count?: number;
  readonly error?: unknown;
}

const callbackPath = '/auth/callback';

function queryOf(request: FastifyRequest): URLSearchParams {
  const target = request.raw.url ?? '';
  const at = target.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : target.slice(at + 1));
}

/** A repeated parameter is refused by reading as none: which of two would count differs from parser to parser. */
function single(query: URLSearchParams, name: string): string | undefined {
  const values = query.getAll(name);
  return values.length === 1 ? values[0] : undefined;
}

function sendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
  next = { href: '/auth/sign-in', label: 'Try again' },
): FastifyReply {
  const known = error instanceof WebGuardError ? error : undefined;
  if (known?.retryAfterSeconds !== undefined) reply.header('retry-after', String(known.retryAfterSeconds));
  return reply
    .status(known?.status ?? 500)
    .type('text/html; charset=utf-8')
    .send(
      renderPlainPage({
        heading: 'You are not signed in',
        sentence:
          known?.publicMessage ?? 'Something went wrong here. Try again, and quote the request if it lasts.',
        requestId: request.id,
        links: [next, { href: '/', label: 'Go to the start page' }],
      }),
    );
}

/**
 * `GET /auth/sign-in` and `GET /auth/callback`: the two navigations of the code flow. `returnTo` names a path of this
 * site to come back to; `stepUp` asks for a fresh second factor of the person who is signed in. Either way the session
 * gets a new id, and the tokens of the one it replaces end.
 */
export function registerSignIn(server: FastifyInstance, context: AuthContext): void {
  const { provider, sessions, states, cookie, publicUrl, rateLimit } = context;

  async function begin(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const query = queryOf(request);
    const before = await sessions.find(cookie.read(request.headers.cookie), 'look');
    const rises = single(query, 'stepUp') !== undefined;
    const { url, checks } = await provider.beginSignIn({
      redirectUri: publicUrl + callbackPath,
      // Whoever's session ended for want of activity proves who is there now, whatever the provider remembers.
      maxAgeSeconds: rises ? context.stepUp.seconds : sessions.limits.idleSeconds,
      acr: rises ? context.stepUp.acr : null,
      // Tells the provider who is to confirm: it may ask for the factor alone.
      idTokenHint: rises ? (before?.tokens.idToken ?? null) : null,
    });
    const cookies = await states.save(request.headers.cookie, {
      checks,
      returnTo: safeReturnPath(single(query, 'returnTo')),
      replaces: before?.handle ?? null,
      confirms: rises && before ? { subject: before.tokens.subject, tenantId: before.tokens.tenantId } : null,
    });
    return reply.header('set-cookie', cookies).redirect(url.href, 303);
  }

  /** The provider remembers the person: signing out there first is the way to another account. */
  async function turnAway(request: FastifyRequest, reply: FastifyReply, tokens: SessionTokens) {
    const href = (await provider.endSessionUrl(tokens, `${publicUrl}/`)) ?? '/auth/sign-in';
    await provider.revoke(tokens);
    const { tenantId, role } = tokens;
    const error = new WebGuardError('account-not-admitted', context.notAdmitted);
    context.onEvent({ event: 'sign-in-refused', requestId: request.id, code: error.code, tenantId, role });
    return sendPage(request, reply, error, { href, label: 'Sign out, then use another account' });
  }

  async function finish(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const query = queryOf(request);
    const state = single(query, 'state');
    const saved = await states.load(request.headers.cookie, state);
    if (saved === undefined || state === undefined)
      throw new WebGuardError(
        'sign-in-expired',
        'This sign-in has expired or was begun in another browser. Try again.',
      );
    reply.header('set-cookie', states.forget(state));
    // The public address, never the Host header, is what the provider sent the browser back to.
    const tokens = await provider.finishSignIn(
      new URL(`${publicUrl}${callbackPath}?${query.toString()}`),
      saved.checks,
    );
    if (!context.admits(tokens)) return turnAway(request, reply, tokens);
    const { confirms } = saved;
    // What one person has open on the page is not handed to another, nor to the same person in another tenant.
    if (confirms && (confirms.subject !== tokens.subject || confirms.tenantId !== tokens.tenantId)) {
      await provider.revoke(tokens);
      throw new WebGuardError(
        'step-up-refused',
        'Confirm with the account that you are signed in with, or sign out first.',
      );
    }
    const id = await sessions.start(tokens, {
      replaces: saved.replaces,
      browser: describeBrowser(request.headers['user-agent']),
      keepsEnd: confirms !== null,
    });
    const { tenantId, role } = tokens;
    context.onEvent({ event: 'signed-in', requestId: request.id, tenantId, role });
    return reply.header('set-cookie', cookie.set(id)).redirect(saved.returnTo, 303);
  }

  void server.register((scope, _options, done) => {
    scope.setErrorHandler((error, request, reply) => {
      const code = error instanceof WebGuardError ? error.code : 'internal';
      context.onEvent({ event: 'sign-in-refused', requestId: request.id, code, error });
      return sendPage(request, reply, error);
    });
    const limited = { onRequest: rateLimit.hook(context.limitRules.signIn), exposeHeadRoute: false };
    scope.get('/auth/sign-in', limited, begin);
    scope.get(callbackPath, limited, finish);
    done();
  });
}
