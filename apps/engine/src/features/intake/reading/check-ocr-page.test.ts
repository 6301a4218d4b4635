import { describe, expect, test } from 'vitest';
import { checkOcrPage } from './check-ocr-page.ts';
import { pageOfText } from './page-of-text.fixture.ts';

const good = pageOfText(['Full name: Amira Holloway']);
const first = good.words[0];
const deep: unknown = JSON.parse('['.repeat(10_000) + ']'.repeat(10_000));

describe("an engine's answer", () => {
  test('is taken when it is a page', () => {
    expect(checkOcrPage(good)).toEqual(good);
  });

  test.each<[string, unknown, string, string]>([
    ['nothing', undefined, 'page', 'wrong-type'],
    ['words that are none', { ...good, words: 'x' }, 'words', 'wrong-type'],
    ['a field of 10 MB', { ...good, words: [{ ...first, text: 'x'.repeat(10_000_000) }] }, 'words.0.text', 'too-long'],
    ['a text of 10 MB', { ...good, text: 'x'.repeat(10_000_000) }, 'text', 'too-long'],
    ['10,000 levels', { ...good, words: [{ ...first, text: deep }] }, 'words.0.text', 'wrong-type'],
    ['a field more', { ...good, patient: 'x' }, 'page', 'unknown-field'],
    ['its own prototype', JSON.parse(`{"__proto__":{"words":[]},"lines":[]}`), 'page', 'unknown-field'],
    ['no number', { ...good, words: [{ ...first, confidence: Number.NaN }] }, 'words.0.confidence', 'wrong-type'],
    ['more confidence than there is', { ...good, words: [{ ...first, confidence: 101 }] }, 'words.0.confidence', 'too-long'],
    ['a line of words that are not there', { ...good, lines: [[999]] }, 'lines', 'malformed'],
    ['too many words', { ...good, words: Array.from({ length: 5_001 }, () => first) }, 'words', 'too-long'],
  ])('is refused with the part named: %s', (_what, answer, field, reason) => {
    expect(() => checkOcrPage(answer)).toThrow(
      expect.objectContaining({
        code: 'intake-engine-answer-malformed',
        status: 422,
        fields: expect.arrayContaining([{ field, reason }]) as unknown,
      }),
    );
  }); // prettier-ignore
});
