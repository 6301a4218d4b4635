// A process of its own: the provider and the clients, so that what is measured beside them is the gateway alone.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Drive {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly count: number;
  readonly concurrency: number;
}
/** Milliseconds. */
export interface Driven {
  readonly firstByte: number;
  readonly whole: number;
}

const words = 'Rinse with warm salt water, take what the clinic gave you, and ring them when it gets worse. ';
const answer = JSON.stringify({
  id: 'x',
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: words.repeat(4) }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 50, completion_tokens: 80 },
});

const median = (values: number[]): number =>
  values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

async function askOnce({ url, headers, body }: Drive, firsts: number[], wholes: number[]): Promise<void> {
  const start = performance.now();
  const response = await fetch(url, { method: 'POST', headers, body });
  firsts.push(performance.now() - start);
  await response.text();
  wholes.push(performance.now() - start);
  if (response.status !== 200) throw new Error(`the gateway answered ${response.status}`);
}

async function drive(work: Drive): Promise<Driven> {
  const firsts: number[] = [];
  const wholes: number[] = [];
  let left = work.count;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await askOnce(work, firsts, wholes);
    }
  };
  await Promise.all(Array.from({ length: work.concurrency }, worker));
  return { firstByte: median(firsts), whole: median(wholes) };
}

const provider = createServer((request, response) => {
  request.resume();
  request.on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end(answer));
});
provider.listen(0, '127.0.0.1', () => {
  process.send?.({ provider: `http://127.0.0.1:${(provider.address() as AddressInfo).port}` });
});
process.on('message', (work: Drive) => {
  drive(work).then(
    (driven) => process.send?.({ driven }),
    (error: unknown) => process.send?.({ failed: String(error) }),
  );
});
