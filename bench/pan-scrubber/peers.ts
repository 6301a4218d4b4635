/**
 * Packages from npm that do the same work, side by side. They and what they bring (a cloud's client among it) stay out of
 * what Cordon installs: `npm ci --ignore-scripts --prefix bench/pan-scrubber/peers` brings them for the comparison alone.
 */
import { createRequire } from 'node:module';
import type { BenchRow } from '../row.ts';
import type { Corpus } from './corpus.ts';

type Redact = (text: string) => string | Promise<string>;
type ClassOf<Instance> = new (options: object) => Instance;

const require = createRequire(new URL('./peers/package.json', import.meta.url));
/** Some take minutes for the whole corpus. */
const SLICE = 200_000;

const otherKinds = [
  'names', 'zipcode', 'phoneNumber', 'digits', 'streetAddress', 'ipAddress', 'usSocialSecurityNumber', 'emailAddress',
  'username', 'password', 'credentials', 'url',
]; // prettier-ignore

/** Each is asked for card numbers and nothing else, where it can be told so. */
const peers: Readonly<Record<string, () => Redact>> = {
  'redact-pii 3.4.0': () => {
    const { SyncRedactor } = require('redact-pii') as { SyncRedactor: ClassOf<{ redact: Redact }> };
    const builtInRedactors = Object.fromEntries(otherKinds.map((kind) => [kind, { enabled: false }]));
    const redactor = new SyncRedactor({ builtInRedactors });
    return (text) => redactor.redact(text);
  },
  '@redactpii/node 1.0.17': () => {
    const { Redactor } = require('@redactpii/node') as { Redactor: ClassOf<{ redact: Redact }> };
    const rules = { CREDIT_CARD: true, EMAIL: false, NAME: false, PHONE: false, SSN: false };
    const redactor = new Redactor({ rules });
    return (text) => redactor.redact(text);
  },
  // Its analysis of the words around them lets published test numbers through.
  'openredaction 1.1.5': () => {
    const { OpenRedaction } = require('openredaction') as {
      OpenRedaction: ClassOf<{ detect(text: string): Promise<{ redacted: string }> }>;
    };
    const detector = new OpenRedaction({ enableContextAnalysis: false });
    return async (text) => (await detector.detect(text)).redacted;
  },
};

/** Survivors, altered decoys and speed of each peer; one row that says how to get them where they are not installed. */
export async function measurePeers(corpus: Corpus, own: (text: string) => string): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const [name, make] of Object.entries(peers)) {
    let redact: Redact;
    try {
      redact = make();
    } catch {
      rows.push({ name: `${name} is not installed`, value: 0, unit: '', baseline: 'see bench/pan-scrubber/peers.ts', ratio: 1 });
      continue;
    }
    rows.push(...(await measurePeer(name, redact, corpus, own)));
  }
  return rows;
} // prettier-ignore

async function measurePeer(
  name: string,
  redact: Redact,
  { numbers, decoys, text }: Corpus,
  own: (text: string) => string,
): Promise<BenchRow[]> {
  let surviving = 0;
  for (const { start, end } of numbers) {
    const written = text.slice(start, end);
    if ((await redact(written)) === written) surviving += 1;
  }
  let altered = 0;
  for (const { content } of decoys) if ((await redact(content)) !== content) altered += 1;
  const slice = text.slice(0, SLICE);
  const seconds = await secondsOf(() => redact(slice));
  const ownSeconds = await secondsOf(() => own(slice));
  return [
    {
      name: `numbers that survive ${name}`,
      value: surviving,
      unit: 'numbers',
      baseline: 'pan-scrubber (0)',
      ratio: surviving,
    },
    {
      name: `decoys altered by ${name}`,
      value: altered,
      unit: 'decoys',
      baseline: 'all decoys',
      ratio: altered / decoys.length,
    },
    {
      name: `speed of ${name} on mixed text`,
      value: SLICE / 1e6 / seconds,
      unit: 'MB/s',
      baseline: `pan-scrubber (${(SLICE / 1e6 / ownSeconds).toFixed(0)} MB/s)`,
      ratio: ownSeconds / seconds,
    },
  ];
}

/** The best of several runs, the first of which warm up; of one that takes seconds, the first counts. */
async function secondsOf(work: () => unknown): Promise<number> {
  let best = Infinity;
  for (let round = 0; round < 30; round += 1) {
    const start = performance.now();
    await work();
    best = Math.min(best, (performance.now() - start) / 1000);
    if (best > 1) break;
  }
  return best;
}
