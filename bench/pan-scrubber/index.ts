import { passesLuhn } from '../../packages/pan-scrubber/luhn.ts';
import { disguises } from '../../packages/pan-scrubber/testing/disguises.ts';
import { makeNumber, seedRandom } from '../../packages/pan-scrubber/testing/numbers.ts';
import { REDACTION, scrub, type Finding } from '@cordon/pan-scrubber';
import { makeCorpus, makeProse, type Corpus, type Planted } from './corpus.ts';

export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The same measure of the plain rule, where there is one. */
  readonly baseline: number | null;
  /** value / baseline */
  readonly ratio: number | null;
}

const CORPUS_SIZE = 10_000_000;
const PLANTED = 1000;
const ROUNDS = 7;
const SEED = 20_240_501;

/** The ticket's rule, as one would write it: pattern, Luhn, replacement. */
function plainRule(text: string): string {
  // eslint-disable-next-line security/detect-unsafe-regex -- the ticket's rule, at most 16 rounds
  return text.replace(/\b(?:\d[ -]?){13,16}\b/g, (match) => (passesLuhn(match) ? REDACTION : match));
}

/** Speed, recall and precision of the scrubber beside the plain rule, on text that the bench makes itself. */
export function run(): Promise<BenchRow[]> {
  const corpus = makeCorpus(CORPUS_SIZE, PLANTED, SEED);
  const prose = makeProse(CORPUS_SIZE, SEED);
  const rows = [
    ...measureFindings(corpus),
    ...compareSpeed('mixed text', corpus.text),
    ...compareSpeed('text without long digit runs', prose),
  ];
  rows.push(...measureRecall(), ...measureSize());
  return Promise.resolve(rows);
}

function measureFindings(corpus: Corpus): BenchRow[] {
  const { findings } = scrub(corpus.text);
  const surviving = corpus.numbers.filter((planted) => !isTaken(planted, findings));
  const ruled = corpus.numbers.filter(
    (planted) =>
      plainRule(slice(corpus, planted)).includes(planted.content) ||
      plainRule(slice(corpus, planted)) === slice(corpus, planted),
  );
  const altered = corpus.decoys.filter((decoy) => touches(decoy, findings));
  const alteredByRule = altered.filter((decoy) => plainRule(decoy.content) !== decoy.content);
  return [
    count('numbers surviving', surviving.length, ruled.length),
    count('decoys altered beyond the plain rule', altered.length - alteredByRule.length, 0),
    count(
      'decoys altered in all',
      altered.length,
      corpus.decoys.filter((decoy) => plainRule(decoy.content) !== decoy.content).length,
    ),
  ];
}

function slice(corpus: Corpus, planted: Planted): string {
  return corpus.text.slice(planted.start, planted.end);
}

/** Every digit of the number must be gone; letters, years and expiries around it may stay. */
function isTaken(planted: Planted, findings: readonly Finding[]): boolean {
  const inside = findings.filter((finding) => finding.start < planted.end && finding.end > planted.start);
  const covered = inside.reduce((sum, finding) => sum + finding.end - finding.start, 0);
  return inside.length > 0 && covered >= planted.content.length;
}

function touches(planted: Planted, findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.start < planted.end && finding.end > planted.start);
}

function count(name: string, value: number, baseline: number): BenchRow {
  return { name, value, unit: 'of 1000', baseline, ratio: baseline === 0 ? null : value / baseline };
}

/** Both in turn, so that a busy machine slows both; the best round of each counts. */
function compareSpeed(name: string, text: string): BenchRow[] {
  const megabytes = Buffer.byteLength(text) / 1e6;
  let own = 0;
  let rule = 0;
  for (let round = 0; round < ROUNDS; round++) {
    rule = Math.max(rule, megabytes / secondsOf(() => plainRule(text)));
    own = Math.max(own, megabytes / secondsOf(() => scrub(text)));
  }
  return [{ name: `speed on ${name}`, value: own, unit: 'MB/s', baseline: rule, ratio: own / rule }];
}

function secondsOf(work: () => unknown): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

/** Share of numbers that do not survive, a row a disguise. */
function measureRecall(): BenchRow[] {
  const random = seedRandom(SEED);
  return disguises.map((disguise) => {
    const texts = Array.from({ length: PLANTED }, () => {
      const digits = makeNumber(random);
      return { digits, text: `see ${disguise.apply(digits, random)} end` };
    });
    const taken = (redact: (text: string) => string): number =>
      texts.filter(({ text, digits }) => {
        const redacted = redact(text);
        return redacted.includes(REDACTION) && !redacted.replace(/\D/g, '').includes(digits);
      }).length / PLANTED;
    const value = taken((text) => scrub(text).value);
    const baseline = taken(plainRule);
    return {
      name: `recall: ${disguise.name}`,
      value: value * 100,
      unit: '%',
      baseline: baseline * 100,
      ratio: baseline === 0 ? null : value / baseline,
    };
  });
}

/** Ten times the digits should take ten times as long. */
function measureSize(): BenchRow[] {
  const inputs: readonly (readonly [string, string])[] = [
    ['solid digits', '4111111111111112'],
    ['spaced digits', '4 1 1 1 1 1 1 2 '],
    ['valid numbers in a row', '4111 1111 1111 1111 '],
    ['escapes', '%34%31&#49;\\u0031'],
    ['backslashes and brackets', '\\\\<<&&%%1\\\\<'],
    ['base64 of digits', 'NDExMTExMTExMTEx'],
  ];
  return inputs.map(([name, unit]) => {
    const small = secondsOf(() => scrub(unit.repeat(5_000_000 / unit.length)));
    const large = secondsOf(() => scrub(unit.repeat(50_000_000 / unit.length)));
    return {
      name: `50 MB of ${name} against 5 MB`,
      value: large,
      unit: 's',
      baseline: small,
      ratio: large / small,
    };
  });
}

if (import.meta.main) console.table(await run());
