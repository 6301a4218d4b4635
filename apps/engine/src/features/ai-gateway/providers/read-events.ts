import { AiGatewayError } from '@cordon/ai-gateway';
import { createParser, type EventSourceMessage } from 'eventsource-parser';

/** Of one event, in UTF-16 units. */
const mostOfEvent = 1_048_576;

/**
 * Server-sent events (WHATWG HTML, 9.2) of a body. A body that is cut off inside an event ends without it.
 * @throws {AiGatewayError} `ai-provider-failed`
 */
export async function* readEvents(body: AsyncIterable<Buffer>): AsyncGenerator<EventSourceMessage> {
  const ready: EventSourceMessage[] = [];
  const parser = createParser({
    onEvent: (event) => ready.push(event),
    maxBufferSize: mostOfEvent,
    // A field that the standard does not know is passed by, as it says; what is too large ends the stream.
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded')
        throw new AiGatewayError('ai-provider-failed', 'an event is too large');
    },
  });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const piece of body) {
    parser.feed(decode(decoder, piece));
    yield* ready.splice(0);
  }
}

function decode(decoder: InstanceType<typeof TextDecoder>, piece: Buffer, stream = true): string {
  try {
    return decoder.decode(piece, { stream });
  } catch (cause) {
    throw new AiGatewayError('ai-provider-failed', 'the answer is no UTF-8', { cause });
  }
}

/** Of whole bodies: it keeps nothing from one to the next. */
const wholeDecoder = new TextDecoder('utf-8', { fatal: true });

/** The whole body as JSON. @throws {AiGatewayError} `ai-provider-failed` */
export async function readJson(body: AsyncIterable<Buffer>): Promise<unknown> {
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(piece);
  return parseJson(decode(wholeDecoder, Buffer.concat(pieces), false));
}

/** @throws {AiGatewayError} `ai-provider-failed` */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AiGatewayError('ai-provider-failed', 'the answer is no JSON', { cause });
  }
}

/** What a provider says, held to the shape that its API documents. @throws {AiGatewayError} `ai-provider-failed` */
export function readShape<Shape>(
  schema: { safeParse: (value: unknown) => { success: true; data: Shape } | { success: false } },
  value: unknown,
): Shape {
  const read = schema.safeParse(value);
  if (!read.success) throw new AiGatewayError('ai-provider-failed', 'the answer has another form');
  return read.data;
}
