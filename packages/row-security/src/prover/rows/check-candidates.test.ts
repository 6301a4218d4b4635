import { describe, expect, it } from 'vitest';
import { readCandidates } from './check-candidates.ts';

const textsFor = (expression: string): string[] =>
  readCandidates(expression, 'text', 'mark-t1-111-0-name').map((each) => each.replace(/^'|'::text$/g, ''));

describe('candidates read from a constraint', () => {
  it.each([
    '^[a-z0-9-]{2,40}$',
    '^role\\.[A-Za-z]{2,30}$',
    '^[a-z-]+(\\.[a-z-]+)+$',
    '^purpose\\.[A-Za-z.]{2,60}$',
    '^/[a-z0-9/-]{0,120}$',
    '^(sign-in|token)\\.[a-z]+$',
    '^\\d{3}-\\d{4}$',
    '^[A-Z]{2}\\d{6}[A-D]$',
  ])('have a text that matches %s', (pattern) => {
    const found = textsFor(`(name ~ '${pattern}'::text)`);
    // eslint-disable-next-line security/detect-non-literal-regexp -- the patterns of this very list
    expect(found.some((text) => new RegExp(pattern).test(text))).toBe(true);
  });

  it('have the literals of a list, a LIKE with its wildcards filled, and texts of a length', () => {
    expect(textsFor(`(state = ANY (ARRAY['open'::text, 'paid'::text]))`)).toEqual(
      expect.arrayContaining(['open', 'paid']),
    );
    expect(textsFor(`(hash ~~ '$argon2id$%'::text)`).some((text) => text.startsWith('$argon2id$mark'))).toBe(
      true,
    );
    expect(
      textsFor('((length(note) >= 100) AND (length(note) <= 200))').map((text) => text.length),
    ).toContain(100);
  });

  it('have numbers on both sides of a bound, and bytes of a length', () => {
    expect(readCandidates('(rate > 3.5)', 'numeric', 'm')).toContain('(4.5)::numeric');
    expect(readCandidates('(length(token) = 32)', 'bytea', 'm').join()).toContain('FOR 32');
  });

  it('stay few, whatever the constraint says', () => {
    const long = Array.from({ length: 500 }, (_, at) => `'word${at}'::text`).join(', ');
    expect(readCandidates(`(name = ANY (ARRAY[${long}]))`, 'text', 'm').length).toBeLessThanOrEqual(24);
  });
});
