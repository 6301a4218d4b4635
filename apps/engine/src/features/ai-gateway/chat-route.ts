import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { RouteTools } from '../../server/route-tools.ts';
import { answerCall } from './answer-call.ts';
import type { AnswerEvent, GatewayParts } from './call.ts';
import { toChunks, toCompletion } from './chat-format.ts';
import { prepareCall } from './prepare-call.ts';
import { readChat } from './read-asked.ts';
import { createProblemHandler, toOpenAiProblem } from './tell-problem.ts';

/** Far above any purpose's size; what is longer is not read. */
export const mostBytes = 1_048_576;

/** `POST /v1/ai/chat/completions`, as OpenAI's clients send it. */
export function registerChatRoute(tools: RouteTools, parts: GatewayParts): void {
  const { server } = tools;
  const ending = new AbortController();
  server.addHook('preClose', (done) => {
    ending.abort();
    done();
  });
  server.post('/v1/ai/chat/completions', {
    schema: {
      summary:
        'Ask a model through the gateway, as in OpenAI’s API; the purpose in x-cordon-purpose or metadata.purpose',
      body: z.unknown(),
    },
    bodyLimit: mostBytes,
    config: { decides: { action: 'use-in-ai', dataClass: 'chatTranscriptPHI' }, visitors: true },
    onRequest: tools.enter('ai'),
    errorHandler: createProblemHandler(parts.engine.logger),
    handler: async (request, reply) => {
      const caller = tools.callerOf(request);
      const { asked, stream, includeUsage } = readChat(request);
      const gone = watchClient(reply, ending.signal);
      const call = await prepareCall(parts, caller, asked);
      const created = Math.floor(Date.now() / 1000);
      const events = answerCall(parts, call, gone);
      void reply
        .header('x-cordon-conversation', asked.conversation)
        .header('x-cordon-provider', call.provider.id);
      if (!stream) return toCompletion(call, events, created);
      // What fails before the first word is told by the status.
      const started = await startFirst(events);
      const chunks = writeEvents(toChunks(call, started, created, includeUsage), request.id);
      return sendStream(reply, chunks);
    },
  });
}

export const sendStream = (reply: FastifyReply, texts: AsyncIterable<string>): FastifyReply =>
  reply
    .type('text/event-stream; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('x-accel-buffering', 'no')
    .send(Readable.from(texts, { objectMode: false, highWaterMark: 16_384 }));

/** Ends the call when nobody waits for it any more, or the server closes. */
export function watchClient(reply: FastifyReply, ending: AbortSignal): AbortSignal {
  const gone = new AbortController();
  const leave = (): void => {
    gone.abort();
  };
  // Taken off again: a server that stays up hears of thousands of calls.
  ending.addEventListener('abort', leave);
  if (ending.aborted) leave();
  reply.raw.once('close', () => {
    ending.removeEventListener('abort', leave);
    if (!reply.raw.writableFinished) leave();
  });
  return gone.signal;
}

/** Waits for the first event, so that its failure is thrown here. */
export async function startFirst(events: AsyncGenerator<AnswerEvent>): Promise<AsyncGenerator<AnswerEvent>> {
  const first = await events.next();
  async function* again(): AsyncGenerator<AnswerEvent> {
    try {
      if (first.done !== true) yield first.value;
      yield* events;
    } finally {
      await events.return(undefined);
    }
  }
  return again();
}

/** Server-sent events, ended as OpenAI ends them; a failure on the way is an event too, and then there is no `[DONE]`. */
export async function* writeEvents(chunks: AsyncIterable<object>, requestId: string): AsyncGenerator<string> {
  try {
    for await (const chunk of chunks) yield `data: ${JSON.stringify(chunk)}\n\n`;
    yield 'data: [DONE]\n\n';
  } catch (error) {
    yield `data: ${JSON.stringify({ error: toOpenAiProblem(error, requestId).error })}\n\n`;
  }
}
