import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OcrPage } from './ocr-engine.ts';
import { pageOfText } from './page-of-text.fixture.ts';
import { readFields } from './read-fields.ts';

const none = new Set<never>();

/** Published test numbers of the card networks. */
const cardNumber = fc.constantFrom('4111111111111111', '5555555555554444', '378282246310005', '6011111111111117', '3530111333300000', '5105105105105100'); // prettier-ignore

const grouped = cardNumber.chain((digits) =>
  fc.constantFrom(' ', '-', '').map((separator) => (digits.match(/.{1,4}/g) ?? []).join(separator)),
);

// Letters of which no label is made: a label is known in spite of slips, so that "nam" counts as one.
const word = fc.stringMatching(/^[bcfgjkqvwxz]{5,9}$/);
const phrase = fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join(' '));

const anyPage: fc.Arbitrary<OcrPage> = fc
  .array(
    fc.record({
      text: fc.oneof(
        fc.string({ maxLength: 12 }),
        fc.constantFrom('Full', 'name:', 'Date', 'of', 'birth:', 'Notes:'),
      ),
      confidence: fc.double({ min: 0, max: 100, noNaN: true }),
      left: fc.integer({ min: 0, max: 3000 }),
      top: fc.integer({ min: 0, max: 3000 }),
      width: fc.integer({ min: 0, max: 400 }),
      height: fc.integer({ min: 0, max: 400 }),
    }),
    { maxLength: 40 },
  )
  .map((words) => ({
    words: words.map(({ text, confidence, left, top, width, height }) => ({
      text,
      confidence,
      box: { left, top, right: left + width, bottom: top + height },
    })),
    lines: words.map((_, index) => [index]),
    text: '',
    rotationRadians: 0,
    scale: 1,
  }));

test('any page is read without an error, and values are made of what stood on it', () => {
  fc.assert(
    fc.property(anyPage, (page) => {
      const { raw, numbersRemoved } = readFields(page);
      if (numbersRemoved > 0) return;
      const letters = page.words
        .map(({ text }) => text)
        .join('')
        .replace(/\s/g, '');
      for (const { text } of raw.values()) {
        for (const part of text.split(/[\s,]+/)) expect(letters).toContain(part);
      }
    }),
    { numRuns: 200 },
  );
});

test('values written behind or under any labels are read back as they are', () => {
  const fields = {
    allergies: 'Allergies',
    medication: 'Medication',
    medicalHistory: 'Medical history',
    notes: 'Notes',
  };
  fc.assert(
    fc.property(fc.array(phrase, { minLength: 4, maxLength: 4 }), fc.boolean(), (values, under) => {
      const lines = Object.values(fields).flatMap((label, index) =>
        under ? [label, values[index] ?? ''] : [`${label}:`.padEnd(24) + (values[index] ?? '')],
      );
      const { raw } = readFields(pageOfText(lines));
      expect(Object.keys(fields).map((field) => raw.get(field as keyof typeof fields)?.text)).toEqual(values);
    }),
    { numRuns: 200 },
  );
});

test('a card number in any place of a form survives neither in a value nor in the text', () => {
  const labels = ['Full name:', 'Phone:', 'NHS number:', 'Allergies:', 'Notes:', ''];
  fc.assert(
    fc.property(
      grouped,
      fc.constantFrom(...labels),
      phrase,
      fc.constantFrom('before', 'behind', 'under'),
      (number, label, text, where) => {
        const value =
          where === 'before'
            ? [`${number} ${text}`]
            : where === 'behind'
              ? [`${text} ${number}`]
              : [text, number];
        const lines = value.map((line, index) => (index === 0 ? label.padEnd(16) : ' '.repeat(16)) + line);
        const reading = readFields(
          pageOfText(['Date of birth:  17/03/1984', ...lines, 'Postcode:       WQ3 9TN']),
        );
        const digits = number.replace(/\D/g, '');
        const left = [reading.writeOut(none), ...[...reading.raw.values()].map((field) => field.text)];
        for (const kept of left) expect(kept.replace(/[^\d]/g, '')).not.toContain(digits.slice(0, 8));
        expect(reading.numbersRemoved).toBeGreaterThan(0);
        expect(reading.raw.get('dateOfBirth')?.text).toBe('17/03/1984');
        expect(reading.raw.get('postcode')?.text).toBe('WQ3 9TN');
      },
    ),
    { numRuns: 200 },
  );
});
