import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const inARow = 7;
/** Below the range from which the kernel gives out ports by itself (32768 on Linux). */
const lowest = 12_000;
const highest = 32_000;

/** The first of seven free loopback ports in a row, as `cordon up --port` wants it. */
export async function findFreeBasePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const base = randomInt(lowest, highest);
    const free = await Promise.all(Array.from({ length: inARow }, (_, index) => isFree(base + index)));
    if (free.every(Boolean)) return base;
  }
  throw new Error('There are no seven free ports in a row on this machine.');
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => {
      resolve(false);
    });
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
