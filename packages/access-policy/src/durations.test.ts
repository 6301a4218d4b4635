import { describe, expect, it } from 'vitest';
import { parseRetentionDuration } from './durations.ts';

describe('parseRetentionDuration', () => {
  it.each([
    ['P18M', { from: 'anchor', years: 0, months: 18, days: 0 }],
    ['P0D', { from: 'anchor', years: 0, months: 0, days: 0 }],
    ['P1Y6M2W3D', { from: 'anchor', years: 1, months: 6, days: 17 }],
    ['P12M_AFTER_CLOSURE', { from: 'closure', years: 0, months: 12, days: 0 }],
    ['UNTIL_ACCOUNT_CLOSURE', { from: 'closure', years: 0, months: 0, days: 0 }],
  ])('reads %s', (text, expected) => {
    expect(parseRetentionDuration(text)).toEqual(expected);
  });

  it.each([
    '',
    'P',
    '18M',
    'P18',
    'P-1Y',
    'PT1H',
    'P1M1Y',
    'P1.5Y',
    'P12M_AFTER',
    'p18m',
    'P18M\n',
    'UNTIL_ACCOUNT_CLOSURE_AFTER_CLOSURE',
    'P99999Y',
  ])('gives null for %j', (text) => {
    expect(parseRetentionDuration(text)).toBeNull();
  });
});
