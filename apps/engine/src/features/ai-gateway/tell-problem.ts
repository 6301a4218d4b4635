import { isPublicError, ServiceError, toProblem, type Logger } from '@cordon/service';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A problem document that OpenAI's clients can read as well: RFC 9457, 3.2 allows members of one's own. */
export function toOpenAiProblem(error: unknown, requestId: string) {
  const problem = toProblem(error, requestId);
  return {
    ...problem,
    error: {
      message: problem.title,
      type: 'cordon_refusal',
      code: problem.code,
      param: problem.fields?.[0]?.field ?? null,
    },
  };
}

/** What of OpenAI's API is not there is told in its form as well: its clients would show an answer without words. */
export function tellUnknownRoute(request: FastifyRequest, reply: FastifyReply): void {
  const unknown = new ServiceError(
    'route-unknown',
    'The gateway serves POST /v1/ai/chat/completions and GET /v1/ai/models, and no other part of OpenAI’s API. Use these.',
  );
  void reply.status(404).type('application/problem+json').send(toOpenAiProblem(unknown, request.id));
}

/** The error handler of the gateway's routes. Their clients try again by themselves; where that is useless, they are told. */
export function createProblemHandler(logger: Logger) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const problem = toOpenAiProblem(error, request.id);
    const fields = { requestId: request.id, code: problem.code, route: request.routeOptions.url };
    if (problem.status >= 500) logger.error('request failed', { ...fields, err: error });
    else logger.info('request refused', fields);
    const retryAfter = isPublicError(error) ? error.retryAfterSeconds : undefined;
    if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter));
    void reply.header('x-should-retry', String(retryAfter !== undefined));
    void reply.status(problem.status).type('application/problem+json').send(problem);
  };
}
