import { describe, expect, test } from 'vitest';
import type { IntakeFieldName } from './form-fields.ts';
import { pageOfText } from './page-of-text.fixture.ts';
import { readFields } from './read-fields.ts';

const none = new Set<never>();
const read = (
  lines: readonly string[],
  confidences?: (word: string) => number,
): Partial<Record<IntakeFieldName, string>> =>
  Object.fromEntries(
    [...readFields(pageOfText(lines, confidences)).raw].map(([field, { text }]) => [field, text]),
  );

describe('values', () => {
  test('stand behind their labels', () => {
    expect(read(['Full name: Amira Holloway', 'Phone:      07700 900123'])).toEqual({
      fullName: 'Amira Holloway',
      phone: '07700 900123',
    });
  });

  test('go on under their first line, and an address keeps its lines apart', () => {
    expect(
      read([
        'Address:         14 Larkspur Terrace,',
        '                 Northwold',
        'Medical history: Diabetes',
        '                 since 2016',
      ]),
    ).toEqual({ address: '14 Larkspur Terrace, Northwold', medicalHistory: 'Diabetes since 2016' });
  });

  test('stand under their labels, in two columns', () => {
    expect(
      read([
        'Full name             Date of birth',
        'Amira Holloway        17/03/1984',
        'Notes',
        'Afraid of needles',
      ]),
    ).toEqual({ fullName: 'Amira Holloway', dateOfBirth: '17/03/1984', notes: 'Afraid of needles' });
  });

  test('are empty where the next label follows', () => {
    expect(read(['Full name:', 'Date of birth: 17/03/1984'])).toEqual({
      fullName: '',
      dateOfBirth: '17/03/1984',
    });
  });

  test('end before text that stands apart, and at labels of other things', () => {
    expect(
      read(['Reason for visit: Toothache', '', '', '                  Page 1 of 1']).reasonForVisit,
    ).toBe('Toothache');
    expect(read(['Notes: Afraid', 'Signature: A. Holloway'])).toEqual({ notes: 'Afraid' });
  });

  test('may hold the words of a label', () => {
    expect(
      read(['Allergies: Penicillin, name of the other drug unknown', '           Address book is lost'])
        .allergies,
    ).toBe('Penicillin, name of the other drug unknown Address book is lost');
  });

  test('of one line take one line', () => {
    expect(read(['Full name: Amira Holloway', '           smudge']).fullName).toBe('Amira Holloway');
  });

  test('count where a label comes first filled', () => {
    expect(read(['Full name:', 'Phone: 07700 900123', 'Full name: Amira', 'Full name: Other']).fullName).toBe(
      'Amira',
    );
  });

  test('lose the edges of boxes', () => {
    expect(read(['Full name: | Amira Holloway |']).fullName).toBe('Amira Holloway');
  });
});

describe('card numbers', () => {
  const left = (
    lines: readonly string[],
    confidences?: (word: string) => number,
  ): { text: string; removed: number } => {
    const reading = readFields(pageOfText(lines, confidences));
    return { text: reading.writeOut(none), removed: reading.numbersRemoved };
  };

  test('are gone wherever they stand', () => {
    const { text, removed } = left(['Phone: 4111 1111 1111 1111', 'nothing here', 'amex 3782 822463 10005']);
    expect(text).toBe('Phone: [REDACTED-PAN]\nnothing here\namex [REDACTED-PAN]');
    expect(removed).toBe(2);
  });

  test('are gone when they wrap inside one of two columns', () => {
    const { text } = left([
      'Notes                  Phone',
      '4111 1111              07700 900123',
      '1111 1111',
    ]);
    expect(text).not.toMatch(/1111/);
    expect(text).toContain('07700 900123');
  });

  test('are gone when the engine hands the halves over in another order', () => {
    const page = pageOfText(['margin  4111 1111      1111 1111']);
    const [margin = [], first = [], second = []] = page.lines;
    const reading = readFields({ ...page, lines: [second, margin, first] });
    expect(reading.writeOut(none)).toBe('margin [REDACTED-PAN]');
  });

  test('leave nothing behind when OCR misread them', () => {
    for (const misread of [
      'A111 111111111111',
      '[4111 T1111 1111',
      'AMM 1111111 1111',
      '4111711111111 1111',
    ]) {
      const { text } = left([`Phone: ${misread}`, 'Email: amira@example.com'], (word) =>
        /\d|AMM/.test(word) ? 40 : 95,
      );
      expect(text).toBe('Phone: [REDACTED-PAN]\nEmail: amira@example.com');
    }
  });

  test('leave ordinary digits alone', () => {
    const lines = [
      'Date of birth: 17/03/1984',
      'Phone: 07700 900123 07700 900124',
      'NHS number: 999 000 0018',
      'Notes: 500 mg on 01/02/2020, BP 120/80, 0.5 mg 1.25 mg 2.5 mg on 03.04.2020',
      'Emergency contact: Tom, +44 7700 900456',
    ];
    expect(left(lines)).toEqual({ text: lines.join('\n'), removed: 0 });
  });
});

test('dotted rules read as letters are left out of every value', () => {
  const page = pageOfText(['Notes: Afraid of needles']);
  const dots = ['EE', 'TTS', 'ett'].map((text, index) => ({
    text,
    confidence: 12,
    box: { left: 140 + index * 40, top: 36, right: 170 + index * 40, bottom: index === 1 ? 60 : 39 },
  }));
  const read = readFields({ ...page, words: [...page.words, ...dots], lines: [...page.lines, [4, 5, 6]] });
  expect(read.raw.get('notes')?.text).toBe('Afraid of needles');
});

test('the least sure word speaks for its field, removed digits do not', () => {
  const { raw } = readFields(
    pageOfText(['Full name: Amira Holloway', 'Notes: pay 5555 5555 5555 4444'], (word) =>
      word === 'Holloway' || word === '5555' ? 31 : 95,
    ),
  );
  expect([raw.get('fullName')?.confidence, raw.get('notes')?.confidence]).toEqual([31, 95]);
  expect(raw.get('notes')?.numberRemoved).toBe(true);
});
