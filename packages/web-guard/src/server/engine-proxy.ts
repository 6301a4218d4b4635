import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { request as httpRequest, Agent, type IncomingMessage } from 'node:http';
import { request as httpsRequest, Agent as TlsAgent } from 'node:https';
import { pipeline, Transform } from 'node:stream';
import { WebGuardError } from '../error.ts';
import { contentSecurityPolicy } from '../headers/content-policy.ts';
import type { OpenSession } from '../session/open-session.ts';
import { makeEndable, type EndableAnswer } from './endable-answer.ts';
import { pickRequestHeaders, pickResponseHeaders, upstreamPath } from './proxy-rules.ts';

export interface EngineProxyOptions {
  /** Origin of the API. */
  readonly engineUrl: string;
  /** Bytes of the largest body that is passed on. Default 21 MiB: a file of 20 MB in its multipart envelope. */
  readonly bodyLimit?: number;
  /** Milliseconds until the API must have begun to answer. Default 120 s: reading a scanned form takes its time. */
  readonly answerTimeoutMs?: number;
  /** Milliseconds between two questions whether an answer that flows may go on. Default 5 s. */
  readonly lookEveryMs?: number;
}

/** Whose token goes with a request, and for how long. */
export interface ProxySession {
  readonly tokens: Pick<OpenSession['tokens'], 'accessToken' | 'accessExpiresAt'>;
  readonly idleSeconds: number;
}

export interface ProxyHooks<Session extends ProxySession> {
  /** @throws WebGuardError where there is no session, or this address is not for it. */
  readonly open: (request: FastifyRequest) => Promise<Session>;
  /** Whether the answer may go on flowing when the session's idle time is over. */
  readonly outlivesIdle: (request: FastifyRequest) => boolean;
  /**
   * Asked every few seconds of an answer that is still flowing: whether its session may still have it. Signed out, locked or
   * replaced since it began, it ends. Without it nothing is asked.
   */
  readonly mayGoOn?: (request: FastifyRequest) => Promise<boolean>;
  /** The API refused the session's token for good. */
  readonly refused: (session: Session, requestId: string) => Promise<WebGuardError>;
}

const pathPrefix = '/api';
const policy = contentSecurityPolicy('api');

function tooLarge(): WebGuardError {
  return new WebGuardError(
    'request-too-large',
    'The request is larger than this address accepts. Send less.',
  );
}

function unavailable(cause: unknown): WebGuardError {
  return new WebGuardError('upstream-unavailable', 'The service does not answer at the moment. Try again in a few seconds.', {
    cause,
    retryAfterSeconds: 5,
  });
} // prettier-ignore

/** Counts what passes; a body without `content-length` shows its size only on the way. */
function limitBytes(limit: number): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen > limit) done(tooLarge());
      else done(null, chunk);
    },
  });
}

function hasBody(request: FastifyRequest): boolean {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  return encoding !== undefined || (length !== undefined && length !== '0');
}

/** A refusal that asks for a stronger sign-in (RFC 9470) leaves the session as it is. */
function asksForStepUp(answer: IncomingMessage): boolean {
  return answer.headers['www-authenticate']?.includes('insufficient_user_authentication') === true;
}

/**
 * Registers `/api/v1/*`: each request with the session's access token to `/v1/*` of the API, both bodies as streams.
 */
export async function registerEngineProxy<Session extends ProxySession>(
  server: FastifyInstance,
  options: EngineProxyOptions,
  hooks: ProxyHooks<Session>,
): Promise<void> {
  const engine = new URL(options.engineUrl);
  const secure = engine.protocol === 'https:';
  const limit = options.bodyLimit ?? 21 * 1024 * 1024;
  const answerTimeoutMs = options.answerTimeoutMs ?? 120_000;
  const pool = { keepAlive: true, maxSockets: 256, maxFreeSockets: 32, timeout: answerTimeoutMs };
  const agent = secure ? new TlsAgent(pool) : new Agent(pool);
  const send = secure ? httpsRequest : httpRequest;

  function call(request: FastifyRequest, reply: FastifyReply, path: string, accessToken: string) {
    const chunked = hasBody(request) && request.headers['content-length'] === undefined;
    return new Promise<IncomingMessage>((resolve, reject) => {
      const upstream = send({
        agent,
        host: engine.hostname.replace(/^\[|\]$/g, ''),
        port: engine.port || undefined,
        path,
        method: request.method,
        timeout: answerTimeoutMs,
        headers: {
          ...pickRequestHeaders(request.headers),
          host: engine.host,
          authorization: `Bearer ${accessToken}`,
          'x-request-id': request.id,
          // As this server sees it, never as the browser says: the API's audit entries name it.
          'x-forwarded-for': request.ip,
          // Said outright: Node frames the body of some methods (DELETE) not at all otherwise, and an unframed body
          // is read by the API as the next request on the connection.
          ...(chunked ? { 'transfer-encoding': 'chunked' } : {}),
        },
      });
      upstream.on('response', resolve);
      upstream.on('timeout', () => upstream.destroy(new Error('no answer in time')));
      const limited = limitBytes(limit);
      upstream.on('error', (error) => {
        reject(limited.errored instanceof WebGuardError ? limited.errored : unavailable(error));
      });
      // The browser is gone: nobody waits for the answer.
      reply.raw.on('close', () => upstream.destroy());
      if (hasBody(request)) pipeline(request.raw, limited, upstream, () => undefined);
      else upstream.end();
    });
  }

  /** Looks again and again until the answer has ended; what cannot be asked ends it. */
  function watchSession(request: FastifyRequest, answer: EndableAnswer): () => void {
    const { mayGoOn } = hooks;
    if (mayGoOn === undefined) return () => undefined;
    let asking = false;
    const timer = setInterval(() => {
      if (asking) return;
      asking = true;
      void mayGoOn(request)
        .catch(() => false)
        .then((goesOn) => {
          asking = false;
          if (!goesOn) answer.end();
        });
    }, options.lookEveryMs ?? 5_000).unref();
    return () => {
      clearInterval(timer);
    };
  }

  async function forward(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    reply.raw.setHeader('content-security-policy', policy);
    const path = upstreamPath(request.raw.url);
    if (path === undefined) throw new WebGuardError('path-not-served', 'There is nothing at this address.');
    if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
    const session = await hooks.open(request);
    request.raw.socket.setTimeout(answerTimeoutMs + 5_000);
    const answer = await call(request, reply, path, session.tokens.accessToken);
    if (answer.statusCode === 401 && !asksForStepUp(answer)) {
      answer.resume();
      throw await hooks.refused(session, request.id);
    }
    // What is still flowing when the token or the idle time runs out (a live stream) ends with it; the page connects again.
    const tokenMs = session.tokens.accessExpiresAt * 1_000 - Date.now();
    const leftMs = hooks.outlivesIdle(request) ? tokenMs : Math.min(tokenMs, session.idleSeconds * 1_000);
    const endable = makeEndable(answer);
    const end = setTimeout(endable.end, Math.max(leftMs, 1_000));
    const leave = watchSession(request, endable);
    answer.once('close', () => {
      clearTimeout(end);
      leave();
    });
    return reply
      .status(answer.statusCode ?? 502)
      .headers(pickResponseHeaders(answer.headers, pathPrefix))
      .send(endable.body);
  }

  await server.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, parsed) => {
      parsed(null, payload);
    });
    scope.route({
      method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      url: `${pathPrefix}/*`,
      handler: forward,
    });
    scope.addHook('onClose', () => {
      agent.destroy();
    });
    done();
  });
}
