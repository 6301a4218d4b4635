import type { FastifyInstance } from 'fastify';
import { WebGuardError } from '../error.ts';
import { sessionMissing } from '../session/open-session.ts';
import type { AuthContext } from './auth-routes.ts';

const largestLogoutToken = 16 * 1024;

/** `GET /auth/session` and `POST /auth/sign-out`, for the page's own script. */
export function registerSession(server: FastifyInstance, context: AuthContext): void {
  const { sessions, cookie, provider, publicUrl } = context;

  // Asking for the time left is no activity: a page may ask as often as it likes without living for ever.
  server.get('/auth/session', { exposeHeadRoute: false }, async (request) => {
    const session = await sessions.find(cookie.read(request.headers.cookie), 'look');
    if (session === undefined) return { signedIn: false };
    const { idleSeconds, absoluteSeconds, locked, tokens } = session;
    const { acr, seconds } = context.stepUp;
    const age = Math.ceil(Date.now() / 1_000 - (tokens.authTime ?? 0));
    // For how long a factor is still fresh: a page asks for one before it offers what needs it.
    const factorSeconds = tokens.acr === acr ? Math.max(0, seconds - age) : 0;
    const person = sessions.markOf(session);
    return { signedIn: true, person, locked, idleSeconds, absoluteSeconds, factorSeconds };
  });

  server.post('/auth/sign-out', async (request, reply) => {
    const session = await sessions.find(cookie.read(request.headers.cookie), 'look');
    const home = `${publicUrl}/`;
    let redirectTo: string | undefined;
    if (session !== undefined) {
      redirectTo = await provider.endSessionUrl(session.tokens, home);
      await sessions.end(session);
      const { tenantId, role } = session.tokens;
      context.onEvent({ event: 'signed-out', requestId: request.id, tenantId, role });
    }
    // Not "cookies": that would reach the other apps of the same host.
    reply.raw.setHeader('clear-site-data', '"cache", "storage"');
    return reply.header('set-cookie', cookie.clear()).send({ redirectTo: redirectTo ?? home });
  });
}

/** `POST /auth/lock`: the person leaves the desk and does not wait for the idle time to pass. */
export function registerLock(server: FastifyInstance, { sessions, cookie }: AuthContext): void {
  server.post('/auth/lock', async (request, reply) => {
    const id = cookie.read(request.headers.cookie);
    const session = await sessions.find(id, 'look');
    if (session === undefined) throw sessionMissing(id);
    await sessions.lock(session);
    return reply.status(204).send();
  });
}

/**
 * `POST /auth/backchannel-logout` (OpenID Connect Back-Channel Logout 1.0 §2.5): the provider ends sessions. 200 when it
 * is done, also when there was none; 400 for a token that is not the provider's.
 */
export function registerBackchannelLogout(server: FastifyInstance, context: AuthContext): void {
  const { sessions, provider, rateLimit } = context;
  void server.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: largestLogoutToken },
      (_request, body, parsed) => {
        parsed(null, new URLSearchParams(body.toString()));
      },
    );
    const limited = { onRequest: rateLimit.hook(context.limitRules.logout) };
    scope.post('/auth/backchannel-logout', limited, async (request, reply) => {
      const tokens = request.body instanceof URLSearchParams ? request.body.getAll('logout_token') : [];
      const [token] = tokens;
      if (tokens.length !== 1 || token === undefined)
        throw new WebGuardError('logout-token-invalid', 'The logout token is not valid.', {
          detail: 'not one token',
        });
      const whom = await provider.readLogoutToken(token);
      const count =
        'sid' in whom ? await sessions.endBySid(whom.sid) : await sessions.endBySubject(whom.subject);
      context.onEvent({ event: 'logged-out-by-provider', requestId: request.id, count });
      return reply.status(200).send();
    });
    done();
  });
}
