import { randomInt } from 'node:crypto';
import { makeLayout } from '../up/layout.ts';
import { requireFreePorts } from '../up/ports.ts';

/** The first of seven ports in a row that were free a moment ago, away from the defaults and the system's own range. */
export async function findFreeBasePort(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const base = 10_000 + randomInt(2_000) * 10;
    try {
      await requireFreePorts(makeLayout('/nowhere', base).ports);
      return base;
    } catch {
      // Somebody has one of the six: try another place.
    }
  }
  throw new Error('no seven free ports in a row were found');
}
