import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonicalizeJson, commit, generateSalt } from '../index.ts';
import { refusalCode } from '../testing/sample-log.ts';

describe('a salted commitment', () => {
  const salt = Buffer.alloc(32, 5);

  it('is SHA-256 of a fixed context, the salt and the data', () => {
    const expected = createHash('sha256')
      .update('transparency-log/commitment@v1\n')
      .update(salt)
      .update('data')
      .digest();
    expect(expected.equals(commit(salt, 'data'))).toBe(true);
    expect(expected.equals(commit(salt, Buffer.from('data')))).toBe(true);
  });

  it('differs with the salt and with the data', () => {
    const other = Buffer.alloc(32, 6);
    const all = [
      commit(salt, 'a'),
      commit(other, 'a'),
      commit(salt, 'b'),
      commit(salt, ''),
      commit(salt, '\u00e9'),
    ];
    expect(new Set(all.map((each) => Buffer.from(each).toString('hex'))).size).toBe(5);
  });

  it('is refused with a salt of another length, or a string that UTF-8 cannot hold', () => {
    for (const length of [0, 31, 33])
      expect(refusalCode(() => commit(Buffer.alloc(length), 'a'))).toBe('salt-invalid');
    expect(refusalCode(() => commit(salt, '\ud800'))).toBe('value-not-canonical');
  });

  it('has a fresh salt each time', () => {
    expect(generateSalt()).toHaveLength(32);
    expect(Buffer.compare(generateSalt(), generateSalt())).not.toBe(0);
  });
});

describe('canonical JSON', () => {
  it('is that of RFC 8785 for the example of its section 3.2.2', () => {
    const value: unknown = JSON.parse(
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],' +
        '"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
    );
    expect(canonicalizeJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('orders keys by their UTF-16 units, as the example of section 3.2.3 does', () => {
    const keys = { '\u20ac': 5, '\r': 1, '\ufb33': 7, '1': 2, '\u{1f600}': 6, '\u0080': 3, '\u00f6': 4 };
    expect(canonicalizeJson(keys)).toBe(
      '{"\\r":1,"1":2,"\u0080":3,"\u00f6":4,"\u20ac":5,"\u{1f600}":6,"\ufb33":7}',
    );
  });

  it('is one text for one value, whatever the order of its keys', () => {
    expect(canonicalizeJson({ b: 1, a: { d: null, c: [-0] } })).toBe(
      canonicalizeJson({ a: { c: [0], d: null }, b: 1 }),
    );
  });

  it.each([
    ['undefined', undefined],
    ['an undefined member', { a: undefined }],
    ['a hole in an array', Array(1)],
    ['a named member of an array', Object.assign([1], { name: 'x' })],
    ['NaN', Number.NaN],
    ['infinity', [Infinity]],
    ['a big integer', 5n],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['bytes', Buffer.from('a')],
    ['a function', (): number => 1],
    ['a symbol', Symbol('a')],
    ['a symbol as key', { [Symbol('a')]: 1 }],
    ['an unpaired surrogate', 'a\ud800'],
    ['an unpaired surrogate in a key', { '\udc00': 1 }],
  ])('refuses %s', (_, value) => {
    expect(refusalCode(() => canonicalizeJson(value))).toBe('value-not-canonical');
  });

  it('refuses what goes too deep, a cycle among it', () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(refusalCode(() => canonicalizeJson(cycle))).toBe('value-not-canonical');
  });
});
