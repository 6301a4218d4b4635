import { Readable } from 'node:stream';
import { z } from 'zod';
import { EngineError } from '../../error.ts';
import type { RouteTools } from '../../server/route-tools.ts';
import { decideOrRefuse, ownRelation } from '../../pipeline/decide.ts';
import { createAlertStream } from './alert-stream.ts';
import { createBadgeStream } from './badge-stream.ts';
import type { LiveAlerts } from './live-alerts.ts';

const mostOfCaller = 6;
const mostStreams = 2_000;
const mostClinics = 100;

/** `GET /v1/alerts/stream`: server-sent events (WHATWG HTML, 9.2), resumed by `Last-Event-ID`. */
export function registerAlertStream(tools: RouteTools, live: LiveAlerts): void {
  const { server, engine } = tools;
  const open = new Map<string, number>();
  const ending = new AbortController();
  let all = 0;

  // An open stream would keep the server from closing.
  server.addHook('preClose', (done) => {
    ending.abort();
    done();
  });

  function take(caller: string): () => void {
    const held = open.get(caller) ?? 0;
    if (held >= mostOfCaller || all >= mostStreams) throw new EngineError('streams-exhausted');
    open.set(caller, held + 1);
    all += 1;
    let released = false;
    return () => {
      if (released) return;
      released = true;
      all -= 1;
      const left = (open.get(caller) ?? 1) - 1;
      if (left > 0) open.set(caller, left);
      else open.delete(caller);
    };
  }

  server.get('/v1/alerts/stream', {
    schema: {
      summary:
        'Alerts of one’s clinics as they change: events "open" (what is open now), "alert" (a change) and comments as a sign of life; with view=badge, events "badge" (numbers alone)',
      querystring: z.object({ view: z.literal('badge').optional() }),
      headers: z.object({ 'last-event-id': z.string().max(10_000).optional() }),
    },
    config: { decides: { action: 'list', dataClass: 'urgencyAlert' } },
    onRequest: tools.enter('alerts'),
    handler: async (request, reply) => {
      const caller = tools.callerOf(request);
      const subject = {
        action: 'list',
        dataClass: 'urgencyAlert',
        auditAction: 'record.listed',
        resourceType: 'Alert',
      } as const;
      await decideOrRefuse(engine, caller, subject, ownRelation(caller));
      if (caller.clinicIds.length > mostClinics) throw new EngineError('streams-exhausted');
      const release = take(`${caller.tenantId} ${caller.subject}`);
      const gone = new AbortController();
      reply.raw.once('close', () => {
        gone.abort();
        release();
      });
      const shared = {
        engine,
        live,
        caller,
        signal: AbortSignal.any([gone.signal, ending.signal]),
        // The token is asked about again each time: a session that was ended sees nothing more.
        stillMay: () => tools.enterAgain(request),
      };
      const lastEventId = request.headers['last-event-id'];
      const stream =
        request.query.view === 'badge'
          ? createBadgeStream(shared)
          : createAlertStream({ ...shared, lastEventId });
      return (
        reply
          .type('text/event-stream; charset=utf-8')
          .header('x-accel-buffering', 'no')
          // A connection that outlived its stream would keep the server from closing until it is idle for too long.
          .header('connection', 'close')
          .send(Readable.from(stream, { objectMode: false, highWaterMark: 16_384 }))
      );
    },
  });
}
