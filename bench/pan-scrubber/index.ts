import { disguises } from '../../packages/pan-scrubber/testing/disguises.ts';
import { makeNumber, seedRandom } from '../../packages/pan-scrubber/testing/numbers.ts';
import { REDACTION, scrub } from '@cordon/pan-scrubber';
import type { BenchRow } from '../row.ts';
import { baselines, plainRule, scrubber, secondsOf, type Contender } from './contenders.ts';
import { measureGrowth } from './growth.ts';
import { measurePeers } from './peers.ts';
import { makeCorpus, makeProse, type Corpus, type Planted } from './corpus.ts';

const PLANTED = 1000;
const ROUNDS = 25;
const SEED = 20_240_501;

/** Speed, recall and precision of the scrubber beside the plain rule, on text that the bench makes itself. */
export async function run(options: { readonly quick?: boolean } = {}): Promise<BenchRow[]> {
  const scale = options.quick === true ? 0.1 : 1;
  const corpus = makeCorpus(10_000_000 * scale, PLANTED, SEED);
  const prose = makeProse(10_000_000 * scale, SEED);
  return [
    ...baselines.flatMap((baseline) => [
      ...countSurvivors(corpus, baseline),
      compareSpeed('mixed text', corpus.text, baseline),
      compareSpeed('text without long digit runs', prose, baseline),
    ]),
    ...(await measurePeers(corpus, scrubber.redact)),
    ...measureRecall(),
    ...measureGrowth(1_000_000 * scale),
  ];
}

function countSurvivors(corpus: Corpus, baseline: Contender): BenchRow[] {
  const written = (planted: Planted): string => corpus.text.slice(planted.start, planted.end);
  const { findings } = scrub(corpus.text);
  const touched = (planted: Planted): number =>
    findings.reduce((sum, finding) => {
      const inside = Math.min(finding.end, planted.end) - Math.max(finding.start, planted.start);
      return sum + Math.max(0, inside);
    }, 0);
  // Every digit of the number must be gone; letters, years and expiries around it may stay.
  const surviving = corpus.numbers.filter((number) => touched(number) < number.content.length);
  const ofBaseline = corpus.numbers.filter((number) => baseline.redact(written(number)) === written(number));
  const altered = corpus.decoys.filter((decoy) => touched(decoy) > 0);
  const beyondRule = altered.filter((decoy) => plainRule.redact(decoy.content) === decoy.content);
  const { length } = ofBaseline;
  return [
    {
      name: `numbers that survive, of ${PLANTED} in 22 formats`,
      value: surviving.length,
      unit: 'numbers',
      baseline: `${baseline.name} (${length})`,
      ratio: surviving.length / Math.max(1, length),
    },
    {
      name: `decoys altered beyond the plain rule, of ${PLANTED}`,
      value: beyondRule.length,
      unit: 'decoys',
      baseline: 'all decoys',
      ratio: beyondRule.length / PLANTED,
    },
  ];
}

/** Both in turn, so that a busy machine slows both; the best round of each counts. */
function compareSpeed(name: string, text: string, baseline: Contender): BenchRow {
  const megabytes = new TextEncoder().encode(text).length / 1e6;
  let own = 0;
  let other = 0;
  for (let round = 0; round < ROUNDS; round++) {
    other = Math.max(other, megabytes / secondsOf(() => baseline.redact(text)));
    own = Math.max(own, megabytes / secondsOf(() => scrubber.redact(text)));
  }
  return {
    name: `speed on ${name}`,
    value: own,
    unit: 'MB/s',
    baseline: `${baseline.name} (${other.toFixed(0)} MB/s)`,
    ratio: own / other,
  };
}

/** Share of numbers of all networks and lengths that do not survive, a row a disguise. */
function measureRecall(): BenchRow[] {
  const random = seedRandom(SEED);
  return disguises.map((disguise) => {
    const texts = Array.from({ length: PLANTED }, () => {
      const digits = makeNumber(random);
      return { digits, text: `see ${disguise.apply(digits, random)} end` };
    });
    const share = (contender: Contender): number =>
      texts.filter(({ text, digits }) => {
        const redacted = contender.redact(text);
        return redacted.includes(REDACTION) && !redacted.replace(/\D/g, '').includes(digits);
      }).length / PLANTED;
    const value = share(scrubber);
    const ofRule = share(plainRule);
    return {
      name: `recall, ${disguise.name}`,
      value: value * 100,
      unit: '%',
      baseline: `${plainRule.name} (${(ofRule * 100).toFixed(1)} %)`,
      ratio: value / Math.max(ofRule, 1 / PLANTED),
    };
  });
}

if (import.meta.main) console.table(await run());
