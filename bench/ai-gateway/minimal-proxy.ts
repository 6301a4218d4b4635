import { createServer, request as send, Agent } from 'node:http';
import type { AddressInfo } from 'node:net';

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

/** The least that calls itself a gateway: parses, looks for card numbers both ways, forwards; no audit, no names, no limits. */
export async function openMinimalProxy(provider: string) {
  const agent = new Agent({ keepAlive: true });
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
    request.on('end', () => {
      const asked = JSON.parse(body) as { messages: { content: string }[] };
      for (const message of asked.messages) message.content = redact(message.content);
      const forwarded = send(`${provider}/v1/chat/completions`, { method: 'POST', agent }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (piece: string) => (text += piece));
        answer.on('end', () => {
          const said = JSON.parse(text) as { choices: { message: { content: string } }[] };
          for (const { message } of said.choices) message.content = redact(message.content);
          response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said));
        });
      });
      forwarded.end(JSON.stringify(asked));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/chat/completions`,
    close: () => {
      server.closeAllConnections();
      server.close();
      agent.destroy();
    },
  };
}
