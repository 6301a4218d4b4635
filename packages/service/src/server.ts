import { randomUUID } from 'node:crypto';
import { scrub } from '@cordon/pan-scrubber';
import type { Socket } from 'node:net';
import Fastify, {
  type FastifyInstance,
  type FastifyListenOptions,
  type FastifyReply,
  type FastifyServerOptions,
} from 'fastify';
import { ServiceError, isPublicError } from './error.ts';
import type { Logger } from './log.ts';
import { openListenerRefusal } from './listener-tls.ts';
import { resolvesToLoopback } from './loopback.ts';
import { toProblem } from './problem.ts';
import { serverTls } from './tls.ts';

export type CordonServer = FastifyInstance;

export interface ServerOptions {
  readonly logger: Logger;
  /** Bytes; a route that needs more says so itself. Default 64 KiB. */
  readonly bodyLimit?: number;
  /** Only a proxy whose addresses are named here may speak for a client's address. */
  readonly trustProxy?: string[] | undefined;
  readonly http?: Pick<FastifyServerOptions, 'serverFactory'> & { https?: object };
}

/** What Node's parser refuses never becomes a request: it gets the same kind of answer, written by hand. */
function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  // Once TLS has failed nothing can be written any more: an answer would wait, and hold the connection, for as long as it may.
  const noWay = error.code === 'ECONNRESET' || (error.code ?? '').startsWith('ERR_SSL_');
  if (noWay || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const refusal = new ServiceError(
    'request-invalid',
    tooLarge
      ? 'The request has more or longer headers than this address accepts. Send fewer.'
      : 'The request could not be read. Check its form and try again.',
  );
  // RFC 6585, section 5.
  const problem = { ...toProblem(refusal, randomUUID()), status: tooLarge ? 431 : 400 };
  const body = JSON.stringify(problem);
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${tooLarge ? 'Request Header Fields Too Large' : 'Bad Request'}`,
      'content-type: application/problem+json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      "content-security-policy: default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options: nosniff',
      'cache-control: no-store',
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

/**
 * Connections that the kernel keeps until they are accepted, as many as Linux allows by default (net.core.somaxconn). Of more
 * than Node's 511 at once, the kernel resets some that it had already answered while a busy process is slow to accept.
 */
const waitingConnections = 4096;

/** Refuses a listener beyond loopback without TLS, judged by the addresses that its host name resolves to. */
function refuseOpenListener(server: CordonServer, tls: boolean): void {
  const listen = server.listen.bind(server) as (options: FastifyListenOptions) => Promise<string>;
  const guarded = async (options: FastifyListenOptions = {}): Promise<string> => {
    if (!tls && !(await resolvesToLoopback(options.host ?? 'localhost'))) throw openListenerRefusal();
    return listen({ backlog: waitingConnections, ...options });
  };
  server.listen = guarded as typeof server.listen;
}

/** A UUID, or a trace id (W3C Trace Context: 32 hex digits): what proxies send, and nothing that spells a name. */
const requestIdForm = /^(?:[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i;

/** An id that anybody chose goes to the log and the audit store: a name or a card number in it would too. */
const isHarmlessId = (given: string): boolean =>
  requestIdForm.test(given) && scrub(given).findings.length === 0;

/**
 * A Fastify server with what every process needs: bounded bodies and times, a request id (taken from
 * `x-request-id` only where it is a UUID or a trace id and holds no card number), one log line a request, and RFC 9457 for every error.
 */
export function createServer(options: ServerOptions): CordonServer {
  const { logger } = options;
  const server: CordonServer = Fastify({
    ...options.http,
    ...(options.http?.https && { https: { ...serverTls, ...options.http.https } }),
    logger: false,
    bodyLimit: options.bodyLimit ?? 64 * 1024,
    connectionTimeout: 60_000,
    requestTimeout: 60_000,
    keepAliveTimeout: 30_000,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    trustProxy: options.trustProxy ?? false,
    routerOptions: { maxParamLength: 100, ignoreDuplicateSlashes: true },
    genReqId: (request) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && isHarmlessId(given) ? given : randomUUID();
    },
    clientErrorHandler: answerUnreadable,
    // Fastify answers what it cannot parse before any hook runs: keep that answer free of the input too.
    frameworkErrors: (error, request, reply: FastifyReply) => {
      const problem = toProblem(error, request.id);
      void reply.status(problem.status).type('application/problem+json').send(problem);
    },
  });
  refuseOpenListener(server, options.http?.https !== undefined);
  server.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    logger.info('request', {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime * 10) / 10,
    });
    done();
  });
  server.setErrorHandler(async (error, request, reply) => {
    const problem = toProblem(error, request.id);
    const fields = { requestId: request.id, code: problem.code, route: request.routeOptions.url };
    const securityEvent = isPublicError(error) ? error.securityEvent : undefined;
    if (problem.status >= 500) logger.error('request failed', { ...fields, err: error });
    else if (securityEvent !== undefined) logger.warn('request refused', { ...fields, securityEvent });
    else logger.info('request refused', fields);
    if (isPublicError(error) && error.retryAfterSeconds !== undefined)
      reply.header('retry-after', String(error.retryAfterSeconds));
    return reply.status(problem.status).type('application/problem+json').send(problem);
  });
  server.setNotFoundHandler(async (request, reply) => {
    const problem = toProblem(
      new ServiceError('route-unknown', 'There is nothing at this address. See the API description.'),
      request.id,
    );
    return reply.status(404).type('application/problem+json').send(problem);
  });
  return server;
}
