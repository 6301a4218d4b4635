import { describe, expect, it } from 'vitest';
import { PanScrubberError, scrub } from './index.ts';
import { MAX_DEPTH } from './record.ts';

const marker = '[REDACTED-PAN]';

describe('a record', () => {
  it('is searched in texts, numbers, lists and keys, and nothing else in it changes', () => {
    const record = {
      name: 'Ann',
      note: 'paid 4111 1111 1111 1111',
      amounts: [4111111111111111, 12, 5n],
      '4111111111111111': null,
    };
    const { value, findings } = scrub<unknown>(record);
    expect(value).toEqual({ name: 'Ann', note: `paid ${marker}`, amounts: [marker, 12, 5n], [marker]: null });
    expect(findings).toEqual([
      { path: `/${marker}`, start: 0, end: 16, reason: 'network-number', inKey: true },
      { path: '/note', start: 5, end: 24, reason: 'network-number' },
      { path: '/amounts/0', start: 0, end: 16, reason: 'network-number' },
    ]);
    expect(record.note).toBe('paid 4111 1111 1111 1111');
  });

  it.each([
    ['printed groups', ['4111', '1111', '1111', '1111']],
    ['halves', ['41111111', '11111111']],
    ['a tear at any place', ['4', '111111111111111']],
    ['a tear inside printed groups', ['4111 11', '11 1111 1111']],
    ['three parts', ['411111', '11111', '11111']],
    ['numbers', [4111, 1111, 1111, 1111]],
    ['one digit a field', Array.from('4111111111111111')],
  ])('loses a number that is split over its fields: %s', (_name, parts) => {
    const { value, findings } = scrub<unknown>({ rows: parts });
    expect(value).toEqual({ rows: parts.map(() => marker) });
    expect(findings.map((finding) => finding.reason)).toEqual(parts.map(() => 'split-fields'));
  });

  it('is searched down the columns of a table', () => {
    const rows = ['4111', '1111', '1111', '1111'].map((part) => ({ date: '2024-05-01', part }));
    expect(scrub<unknown>(rows).value).toEqual(rows.map((row) => ({ ...row, part: marker })));
  });

  it('is searched across labels that stand between the parts', () => {
    const record = { a: '41111111', label: 'second half', b: '11111111' };
    expect(scrub(record).value).toEqual({ a: marker, label: 'second half', b: marker });
  });

  it('keeps fields whose name and content say what they are', () => {
    // 4505577104 and 155555 together would be a Luhn-valid 16-digit number.
    const record = {
      nhsNumber: '4505577104',
      mrn: '155550',
      dateOfBirth: '1950-01-02',
      phone: '07700900123',
    };
    expect(scrub(record)).toEqual({ value: record, findings: [] });
    // Under names that say nothing the two together read as a card, torn in two.
    expect(scrub({ a: record.nhsNumber, b: record.mrn }).value).toEqual({ a: marker, b: marker });
  });

  it('keeps a key named __proto__ a key', () => {
    const record = JSON.parse('{"__proto__":{"a":"4111111111111111"}}') as object;
    const { value } = scrub(record);
    expect(JSON.stringify(value)).toBe(`{"__proto__":{"a":"${marker}"}}`);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it('keeps both values of two keys that become one', () => {
    const { value } = scrub<unknown>({ '4111111111111111': 1, '5500000000000004': 2 });
    expect(value).toEqual({ [marker]: 1, [`${marker} 2`]: 2 });
  });
});

describe('a record that cannot be searched whole is refused', () => {
  const codeOf = (record: unknown): string | undefined => {
    try {
      scrub(record);
    } catch (error) {
      return error instanceof PanScrubberError ? error.code : undefined;
    }
    return undefined;
  };

  it('when it contains itself', () => {
    const record: Record<string, unknown> = {};
    record['self'] = record;
    expect(codeOf(record)).toBe('record-cyclic');
  });

  it('when it is nested deeper than the walk goes', () => {
    const nest = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    expect(codeOf(nest(MAX_DEPTH))).toBeUndefined();
    expect(codeOf(nest(10_000))).toBe('record-too-deep');
  });

  it.each([[new Map()], [new Uint8Array(2)], [Symbol('s')], [(): void => undefined]])(
    'when it holds %s',
    (value) => {
      expect(codeOf({ value })).toBe('record-value-unsupported');
    },
  );
});

describe('a field whose name says that it holds another kind of number', () => {
  it.each([
    ['age', '41', 'x', '11111111111111', false],
    ['heightCm', '4111', 'weight_kg', '111111111111', false],
    ['message', '4111', 'page', '111111111111', true],
    ['NHSNumber', '9434765919', 'then', '4111', false],
  ])('is not joined, and %s is read by its words', (name, first, second, rest, isTorn) => {
    const { findings } = scrub({ [name]: first, [second]: rest });
    expect(findings.length > 0).toBe(isTorn);
  });

  it('parts its neighbours in one column as in any other place once its number is gone', () => {
    const rows = ['5073', '4557095442716', 362071476];
    const once = scrub(rows).value;
    expect(once).toEqual(['5073', '[REDACTED-PAN]', 362071476]);
    expect(scrub(once).value).toEqual(once);
  });

  it('is named by the words before its value, not by all that its line holds', () => {
    const torn = 'Part 1: 3787\nPart 2: 377333\nPart 3: 95728\n';
    expect(scrub(`Age 42, and a good deal more was said before the number. ${torn}`).findings).toHaveLength(
      3,
    );
    expect(scrub(`NjAgeA== ${torn}`).findings).toHaveLength(3);
  });
});
