import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { openScrubStream, scrub, type Finding } from './index.ts';
import { composeDisguise, disguises, dropSeparators } from './testing/disguises.ts';
import {
  makeEverydayNumber,
  makeNumber,
  pick,
  randomInteger,
  seedRandom,
  type Random,
} from './testing/numbers.ts';

/** Asked for more questions than usual, the run takes as much longer. */
const scale = Number(process.env['CORDON_PROPERTY_SCALE'] ?? 1);
// Many runs, and on a busy machine slow ones: the bound is on their number.
vi.setConfig({ testTimeout: 120_000 * scale });

const seeds = fc.integer({ min: 0, max: 0x7fffffff });
const runs = { numRuns: 1000 * scale };

const words = [
  'the patient',
  'Ward',
  'was seen',
  'so',
  'is',
  'Bill',
  'SOB',
  'oil',
  'Zoë',
  'I',
  '- see',
  'note:',
  '„sagt“',
  '痛み',
  '(left)',
] as const;
const prose = (random: Random): string =>
  Array.from({ length: randomInteger(random, 0, 6) }, () => pick(random, words)).join(' ');

/** Where a part of a number is a card by itself, a digit or two beside it may be left: less than a fifth. */
function isGone(findings: readonly Finding[], text: string, start: number, number: string): boolean {
  let left = '';
  let from = start;
  for (const finding of findings) {
    left += text.slice(from, Math.max(from, finding.start));
    from = Math.max(from, finding.end);
  }
  left += text.slice(from, start + number.length);
  return dropSeparators(left).length * 5 < dropSeparators(number).length;
}

describe('a card number never survives', () => {
  it('in a composition of scripts, groupings, separators, escapes and misreadings', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = seedRandom(seed);
        const number = composeDisguise(makeEverydayNumber(random), random);
        const before = `${prose(random)} card `;
        const text = `${before}${number} end ${prose(random)}`;
        const { findings, value } = scrub(text);
        expect(isGone(findings, text, before.length, number), JSON.stringify(text)).toBe(true);
        expect(value.startsWith(before)).toBe(true);
      }),
      runs,
    );
  });

  it('in any single disguise, of any network and length, with letters, years or other numbers beside it', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = seedRandom(seed);
        const digits = makeNumber(random);
        const disguise = pick(random, disguises);
        const before = pick(random, [
          '',
          'x',
          'No.',
          '2024 ',
          '12/27 ',
          '£',
          '"',
          '\n',
          'tel 07700 900123, ',
          'é',
        ]);
        // A first group of nothing but misread letters, glued to a word, reads as that word.
        if (disguise.name === 'OCR confusions' && /\p{L}$/u.test(before)) return;
        const after = pick(random, ['', ' y', '.', ' 12/27', ' 2024-05-01', '"', '\n', ' and 120/80', '€']);
        const { value } = scrub(before + disguise.apply(digits, random) + after);
        expect(value, JSON.stringify(disguise.apply(digits, random))).toContain('[REDACTED-PAN]');
        expect(value.replace(/\D/g, '')).not.toContain(digits);
      }),
      runs,
    );
  });
});

describe('everything else', () => {
  it('stays as it is where no number is found, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const { value, findings } = scrub(text);
        expect(findings.length > 0 || value === text).toBe(true);
      }),
      runs,
    );
  });

  it('stays as it is around a number', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = seedRandom(seed);
        const [before, after] = [prose(random), prose(random)];
        const number = composeDisguise(makeEverydayNumber(random), random);
        const { value } = scrub(`${before} a ${number} e ${after}`);
        expect(value).toContain('[REDACTED-PAN]');
        expect(value.startsWith(`${before} a `)).toBe(true);
        expect(value.endsWith(` e ${after}`)).toBe(true);
      }),
      runs,
    );
  });
});

/** Texts in which numbers, separators, letters and escapes stand as thick as an enemy would put them. */
const dense = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.stringMatching(/^[0-9]{1,5}$/) },
      {
        weight: 2,
        arbitrary: fc.constantFrom(
          '4111111111111111',
          '4111',
          '1111',
          '5500',
          '0000',
          '0004',
          '1234567890128',
          '4',
          '1',
        ),
      },
      {
        weight: 5,
        arbitrary: fc.constantFrom(
          ' ',
          '-',
          '.',
          '/',
          '\n',
          ',',
          '|',
          '\u200b',
          '\u00a0',
          '  ',
          ': ',
          '_',
          '*',
          '**',
        ),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          'a',
          'O',
          'l',
          'S',
          'so',
          'SSSS',
          '%34',
          '&#52;',
          '&nbsp;',
          '%20',
          '\\u0034',
          '<b>',
          '４',
          '\n a: ',
          'NDExMTEx',
          'MTEx',
        ),
      },
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

describe('scrubbing again', () => {
  it('changes nothing', () => {
    fc.assert(
      fc.property(dense, (text) => {
        const once = scrub(text).value;
        expect(scrub(once).value).toBe(once);
      }),
      { numRuns: 3000 * scale },
    );
  });

  it('finds none of the plain rule’s matches left', () => {
    fc.assert(
      fc.property(dense, (text) => {
        const { value } = scrub(text);
        // eslint-disable-next-line security/detect-unsafe-regex -- bounded: at most 16 rounds
        for (const match of value.matchAll(/\b(?:\d[ -]?){13,16}\b/g)) {
          let sum = 0;
          Array.from(match[0].replace(/\D/g, ''), Number)
            .reverse()
            .forEach(
              (digit, at) => (sum += at % 2 === 0 ? digit : Math.floor(digit / 5) + ((digit * 2) % 10)),
            );
          expect(sum % 10).not.toBe(0);
        }
      }),
      runs,
    );
  });
});

describe('a stream', () => {
  it('gives the same text and findings as the whole, however it is cut', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          dense,
          seeds.map((seed) => proseWithNumbers(seedRandom(seed))),
        ),
        seeds,
        (text, seed) => {
          const random = seedRandom(seed);
          const stream = openScrubStream();
          const results = [];
          for (let at = 0; at < text.length;) {
            const end = at + randomInteger(random, 1, 20);
            results.push(stream.push(text.slice(at, end)));
            at = end;
          }
          results.push(stream.finish());
          const whole = scrub(text);
          expect(results.map((result) => result.value).join('')).toBe(whole.value);
          expect(results.flatMap((result) => result.findings)).toEqual(whole.findings);
        },
      ),
      runs,
    );
  });
});

function proseWithNumbers(random: Random): string {
  return Array.from({ length: 5 }, () => {
    const number =
      random() < 0.5
        ? pick(random, disguises).apply(makeNumber(random), random)
        : composeDisguise(makeEverydayNumber(random), random);
    return `${prose(random)} ${number} ${prose(random)}`;
  }).join(pick(random, [' ', '\n', '. ']));
}

describe('a record', () => {
  it('loses a number that is torn over two fields at any place, or over printed groups', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = seedRandom(seed);
        const number = makeEverydayNumber(random);
        const at = randomInteger(random, 1, number.length - 1);
        const { value } = scrub({
          note: prose(random),
          a: number.slice(0, at),
          b: number.slice(at),
          name: prose(random),
        });
        // Where one part is a card by itself, a digit or two of the other may be left.
        expect([value.a, value.b]).toContain('[REDACTED-PAN]');
        expect(`${value.a}${value.b}`.replace(/\D/g, '').length).toBeLessThan(5);
      }),
      runs,
    );
  });

  it('is unchanged by a second scrub', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(dense, fc.string(), fc.integer(), fc.dictionary(fc.string(), dense, { maxKeys: 3 })),
          { maxLength: 6 },
        ),
        (record) => {
          const once = scrub<unknown>(record).value;
          expect(scrub(once).value).toEqual(once);
        },
      ),
      { numRuns: 500 * scale },
    );
  });
});
