// The least that calls itself a gateway: parses, looks for card numbers both ways, forwards; no audit, no names, no limits.
import { Agent, createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ProxyInput {
  readonly provider: string;
}
export interface ProxyReady {
  readonly url: string;
}

interface Said {
  readonly choices: readonly { message?: { content: string }; delta?: { content?: string } }[];
}

// eslint-disable-next-line security/detect-unsafe-regex -- the baseline is the plain pattern, as others use it
const card = /\b(?:\d[ -]?){13,16}\b/g;

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    let digit = Number(digits[digits.length - 1 - at]);
    if (at % 2 === 1) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 === 0;
}

const redact = (text: string): string =>
  text.replace(card, (found) => (passesLuhn(found.replace(/\D/g, '')) ? '[card]' : found));

function forwardWhole(answer: IncomingMessage, response: ServerResponse): void {
  let text = '';
  answer.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  answer.on('end', () => {
    const said = JSON.parse(text) as Said;
    for (const { message } of said.choices) if (message) message.content = redact(message.content);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said));
  });
}

/** Each piece by itself: a number cut in two passes. */
function forwardStream(answer: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let rest = '';
  answer.setEncoding('utf8').on('data', (piece: string) => {
    const events = (rest + piece).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      if (!event.startsWith('data: {')) response.write(`${event}\n\n`);
      else {
        const said = JSON.parse(event.slice('data: '.length)) as Said;
        for (const { delta } of said.choices) if (delta?.content) delta.content = redact(delta.content);
        response.write(`data: ${JSON.stringify(said)}\n\n`);
      }
    }
  });
  answer.on('end', () => response.end(rest));
}

const { provider } = JSON.parse(process.argv[2] ?? '') as ProxyInput;
const agent = new Agent({ keepAlive: true });
const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
  request.on('end', () => {
    const asked = JSON.parse(body) as { messages: { content: string }[]; stream?: boolean };
    for (const message of asked.messages) message.content = redact(message.content);
    const forwarded = send(`${provider}/v1/chat/completions`, { method: 'POST', agent }, (answer) => {
      if (asked.stream === true) forwardStream(answer, response);
      else forwardWhole(answer, response);
    });
    forwarded.end(JSON.stringify(asked));
  });
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ ready: { url: `http://127.0.0.1:${port}/v1/chat/completions` } satisfies ProxyReady });
});
