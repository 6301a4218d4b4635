import { describe, expect, it } from 'vitest';
import { compileKnown, findAcross, MAX_TEXT_LENGTH, type Passage } from '../index.ts';
import { shareOf } from '../testing/measure.ts';
import { PUBLISHED_SEED, STRUCTURED } from '../testing/search-corpus.ts';
import { measureJoins, measureTorn } from '../testing/torn.ts';
import { CORPUS_PARTS } from '../testing/words.ts';

const known = compileKnown([
  {
    names: ['Petra Patientson'],
    dates: ['1984-03-17'],
    emails: ['petra.p@example.com'],
    numbers: ['07700 900123', '9434765919'],
    addresses: ['12 Orchard Lane, LS6 3HN'],
  },
]);

/** A text of the assistant begins with “>”. */
const read = (texts: readonly string[]): Passage[] =>
  texts.map((text) => ({
    text: text.replace(/^> /u, ''),
    voice: text.startsWith('> ') ? 'assistant' : 'user',
  }));

/** What is left of the texts without what was found. */
function leftOf(texts: readonly string[], record = known): string[] {
  const passages = read(texts);
  return findAcross(passages, record).map((findings, index) => {
    const { text } = passages[index] ?? { text: '' };
    let from = 0;
    let left = '';
    for (const { start, end } of findings) {
      left += `${text.slice(from, start)}…`;
      from = end;
    }
    return left + text.slice(from);
  });
}

describe('what a record knows', () => {
  it.each([
    [
      ['I am Pet', 'ra, hello'],
      ['I am …', '…, hello'],
    ],
    [
      ['P', 'e', 't', 'r', 'a'],
      ['…', '…', '…', '…', '…'],
    ],
    [
      ['I am Pet', '> Please go on.', 'ra'],
      ['I am …', 'Please go on.', '…'],
    ],
    [
      ['ring 0770', '0 900123 now'],
      ['ring …', '… now'],
    ],
    [
      ['ring 07700', '> And the rest?', '900', '123'],
      ['ring …', 'And the rest?', '…', '…'],
    ],
    [
      ['943 4', '765919'],
      ['…', '…'],
    ],
    [
      ['at 12 Orchard', 'Lane'],
      ['at …', '…'],
    ],
    [
      ['at 12 Orch', 'ard Lane'],
      ['at …', '…'],
    ],
    [
      ['born 1703', '1984'],
      ['born …', '…'],
    ],
  ])('is found in %j', (texts, left) => {
    expect(leftOf(texts)).toEqual(left);
  });
});

describe('what form gives away', () => {
  it.each([
    [
      ['my number is 0113', '496 0123'],
      ['my number is …', '…'],
    ],
    [
      ['my number is 0113…', '…496 0123'],
      ['my number is ……', '……'],
    ],
    [
      ['born 17/03/', '1990'],
      ['born …', '…'],
    ],
    [
      ['born on the 17th of', 'March 1990'],
      ['born on the …', '…'],
    ],
    [
      ['in SW1A', '1AA'],
      ['in …', '…'],
    ],
    [
      ['jo.doe@exam', 'ple.org'],
      ['…', '…'],
    ],
    [
      ['jo.doe', '@example.org'],
      ['…', '…'],
    ],
    [
      ['oh one two one four', 'nine six oh one two three'],
      ['…', '…'],
    ],
    [
      ['NI AB 12', '34 56 C'],
      ['NI …', '…'],
    ],
    [
      ['policy number 4711', '22991'],
      ['policy number …', '…'],
    ],
    [
      ['I am seen by Mrs', 'frost'],
      ['I am seen by Mrs', '…'],
    ],
    [
      ['I am called', 'Agnieszka'],
      ['I am called', '…'],
    ],
  ])('is found in %j', (texts, left) => {
    expect(leftOf(texts, compileKnown([]))).toEqual(left);
  });
});

describe('what only stands side by side', () => {
  it.each([
    [['I have had pain since 2019', '2020 was better']],
    [['can I come on the 3', 'May I bring my son?']],
    [['it is 7 of 10', '12 days ago it began']],
    [['I paid 1250', '300 of it was for the crown']],
    [['no caries at 46', '150 mg twice a day']],
    [['so did i', 'an hour later']],
    [['a pet', 'rat bit me']],
    [['thank you', 'hello again']],
  ])('is left in %j', (texts) => {
    expect(leftOf(texts)).toEqual(texts);
  });

  it('is no part of what is whole beside it', () => {
    expect(leftOf(['ring 0113 496 0123', '3 times, please'])).toEqual(['ring …', '3 times, please']);
    expect(leftOf(['ring 0113 496 0123', 'Dear team'])).toEqual(['ring …', 'Dear team']);
  });
});

describe('of messages that a script cuts in two', () => {
  it.each(CORPUS_PARTS)('what the record knows is found, and what has a form: %s part', (part) => {
    const measured = (types: Parameters<typeof measureTorn>[2]['types']): number =>
      shareOf(measureTorn(part, PUBLISHED_SEED, { cut: 'between groups', types, count: 1200 }).across);
    expect(measured(({ known: isKnown }) => isKnown)).toBeGreaterThanOrEqual(0.88);
    expect(
      measured(({ known: isKnown, type }) => !isKnown && STRUCTURED.includes(type)),
    ).toBeGreaterThanOrEqual(0.82);
  });

  it.each(CORPUS_PARTS)(
    'whole ones beside each other join in less than one finding of 300: %s part',
    (part) => {
      expect(shareOf(measureJoins(part, PUBLISHED_SEED, 1200))).toBeGreaterThan(1 - 1 / 300);
    },
  );
});

describe('many short texts', () => {
  it('are read together to the last', () => {
    const digits = Array.from('x'.repeat(2000) + '07700900123');
    const found = findAcross(
      digits.map((text) => ({ text, voice: 'user' })),
      known,
    );
    expect(found.slice(-11).every((each) => each.length === 1)).toBe(true);
    expect(found.slice(0, 1900).flat()).toEqual([]);
  });

  it('are refused where one is too long', () => {
    const long = { text: 'a'.repeat(MAX_TEXT_LENGTH + 1), voice: 'user' };
    expect(() => findAcross([long, long], known)).toThrow(
      expect.objectContaining({ code: 'text-too-long' }) as Error,
    );
  });
});
