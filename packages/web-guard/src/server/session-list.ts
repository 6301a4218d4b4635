import type { FastifyInstance } from 'fastify';
import { sessionLocked, sessionMissing, type OpenSession } from '../session/open-session.ts';
import type { AuthContext } from './auth-routes.ts';

function askedHandle(body: unknown): string | undefined {
  const handle = typeof body === 'object' && body !== null && 'id' in body ? body.id : undefined;
  return typeof handle === 'string' ? handle : undefined;
}

/**
 * `GET /auth/sessions` lists the person's browsers at this application, `POST /auth/sessions/end {id?}` ends one of them,
 * or without `id` all, this one included, and whatever else the person has at the provider, at other applications too. An id
 * names a session and opens nothing.
 */
export function registerSessionList(server: FastifyInstance, context: AuthContext): void {
  const { sessions, cookie } = context;

  async function find(header: string | undefined, use: 'activity' | 'look'): Promise<OpenSession> {
    const id = cookie.read(header);
    const session = await sessions.find(id, use);
    if (session === undefined) throw sessionMissing(id);
    if (session.locked) throw sessionLocked();
    return session;
  }

  server.get('/auth/sessions', { exposeHeadRoute: false }, async (request) => {
    const own = await find(request.headers.cookie, 'look');
    const listed = await sessions.list(own);
    return {
      sessions: listed.map(({ handle, browser, locked, createdAt, lastSeenAt }) => ({
        id: handle,
        current: handle === own.handle,
        browser,
        locked,
        createdAt: createdAt.toISOString(),
        lastSeenAt: lastSeenAt.toISOString(),
      })),
    };
  });

  server.post('/auth/sessions/end', async (request, reply) => {
    const own = await find(request.headers.cookie, 'activity');
    const handle = askedHandle(request.body);
    // Taken from the person's own list: an id of somebody else's session finds nothing.
    const named =
      handle === undefined ? [] : (await sessions.list(own)).filter((each) => each.handle === handle);
    for (const session of named) await sessions.end(session);
    const count = handle === undefined ? await sessions.endEverywhere(own) : named.length;
    const { tenantId, role } = own.tokens;
    context.onEvent({ event: 'sessions-ended', requestId: request.id, tenantId, role, count });
    if (handle === undefined || handle === own.handle) reply.header('set-cookie', cookie.clear());
    return { ended: count };
  });
}
