import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const inARow = 7;
/** Seven to lend, and the one after them, which is held and so says that they are lent. */
const block = inARow + 1;
/** Below the range from which the kernel gives out ports by itself (32768 on Linux). */
const lowest = 12_000;
const blocks = 2_500;

/**
 * The first of seven free loopback ports in a row, as `cordon up --port` wants it. They are this process's for as long as it
 * lives: who asks beside it, in this run of the tests or another, gets others.
 */
export async function findFreeBasePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const base = lowest + randomInt(blocks) * block;
    const release = await take('127.0.0.1', base + inARow);
    if (release === undefined) continue;
    const free = await Promise.all(Array.from({ length: inARow }, (_, index) => isFree(base + index)));
    if (free.every(Boolean)) return base;
    await release();
  }
  throw new Error('There are no seven free ports in a row on this machine.');
}

/** On either loopback address: "localhost" means both. */
async function isFree(port: number): Promise<boolean> {
  for (const host of ['127.0.0.1', '::1']) {
    const release = await take(host, port);
    if (release === undefined) return false;
    await release();
  }
  return true;
}

/** Undefined where somebody else has it. */
function take(host: string, port: number): Promise<(() => Promise<void>) | undefined> {
  const server = createServer().unref();
  return new Promise((resolve) => {
    const answer = (taken: boolean): void => {
      resolve(taken ? () => new Promise((closed) => server.close(() => { closed(); })) : undefined);
    };
    server.once('error', (error: NodeJS.ErrnoException) => {
      // A machine without IPv6 has nobody there.
      answer(error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT');
    });
    server.listen({ host, port, exclusive: true }, () => {
      answer(true);
    });
  });
} // prettier-ignore
