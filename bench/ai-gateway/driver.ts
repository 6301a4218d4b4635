// The provider and the clients, in a process of their own, so that what is measured beside them is the gateway alone.
import { Agent, createServer, request as send, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Drive {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly count: number;
  readonly concurrency: number;
}
/** Milliseconds, medians. */
export interface Driven {
  /** Until the first words of the answer are there. */
  readonly firstWords: number;
  readonly whole: number;
}
export interface DriverReady {
  readonly provider: string;
}

const words = 'Rinse with warm salt water, take what the clinic gave you, and ring them when it gets worse. ';
const usage = { prompt_tokens: 50, completion_tokens: 80 };
const answer = JSON.stringify({
  id: 'x',
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: words.repeat(4) }, finish_reason: 'stop' }],
  usage,
});
const event = (choices: object[], more: object = {}): string =>
  `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', choices, ...more })}\n\n`;
const pieces = [
  ...(words.repeat(4).match(/\S+\s/gu) ?? []).map((content) =>
    event([{ index: 0, delta: { content }, finish_reason: null }]),
  ),
  event([{ index: 0, delta: {}, finish_reason: 'stop' }]),
  event([], { usage }),
  'data: [DONE]\n\n',
];
/** Between two words: as fast as fast models write. */
const betweenMs = 5;

function stream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let next = 0;
  const write = (): void => {
    response.write(pieces[next]);
    next += 1;
    if (next < pieces.length) setTimeout(write, betweenMs);
    else response.end();
  };
  write();
}

const median = (values: number[]): number =>
  values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

const agent = new Agent({ keepAlive: true });

/** @returns when the first words were there and when the last, since the start. */
function askOnce({ url, headers, body }: Drive): Promise<{ first: number; whole: number }> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const request = send(url, { method: 'POST', headers, agent }, (response) => {
      let text = '';
      let first: number | undefined;
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
        if (first === undefined && /"content":"\S/u.test(text)) first = performance.now() - start;
      });
      response.on('error', reject).on('end', () => {
        const whole = performance.now() - start;
        if (response.statusCode === 200 && first !== undefined) resolve({ first, whole });
        else reject(new Error(`the gateway answered ${String(response.statusCode)}: ${text.slice(0, 300)}`));
      });
    });
    request.on('error', reject).end(body);
  });
}

async function drive(work: Drive): Promise<Driven> {
  const firsts: number[] = [];
  const wholes: number[] = [];
  let left = work.count;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const { first, whole } = await askOnce(work);
      firsts.push(first);
      wholes.push(whole);
    }
  };
  await Promise.all(Array.from({ length: work.concurrency }, worker));
  return { firstWords: median(firsts), whole: median(wholes) };
}

const provider = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
  request.on('end', () => {
    if (body.includes('"stream":true')) stream(response);
    else response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
  });
});
provider.listen(0, '127.0.0.1', () => {
  process.send?.({
    ready: {
      provider: `http://127.0.0.1:${(provider.address() as AddressInfo).port}`,
    } satisfies DriverReady,
  });
});
process.on('message', ({ work }: { work?: Drive }) => {
  if (work === undefined) return;
  drive(work).then(
    (driven) => process.send?.({ answer: driven }),
    (error: unknown) => process.send?.({ failed: String(error) }),
  );
});
