import { describe, expect, it } from 'vitest';
import {
  ageOn,
  formatCount,
  formatCountdown,
  formatDate,
  formatExactInstant,
  formatInstant,
  formatNhsNumber,
  formatPence,
  formatSize,
  keepPostcodes,
  telephoneAddress,
} from './format.ts';

describe('dates', () => {
  it('are written out whatever the time zone', () => {
    expect(formatDate('1961-03-04')).toBe('4 March 1961');
  });

  it.each(['', '1961-02-30', '1961-3-4', 'yesterday'])(
    'shows %j as it is, for it is no date of the calendar',
    (text) => {
      expect(formatDate(text)).toBe(text);
    },
  );

  it('count a birthday from the day itself', () => {
    expect(ageOn('1961-03-04', new Date(2026, 2, 3))).toBe(64);
    expect(ageOn('1961-03-04', new Date(2026, 2, 4))).toBe(65);
  });

  it('give no age for a birth that lies ahead or cannot be read', () => {
    expect(ageOn('2030-01-01', new Date(2026, 2, 3))).toBeNull();
    expect(ageOn('soon', new Date(2026, 2, 3))).toBeNull();
  });
});

describe('instants', () => {
  it('are shown in the time zone asked for', () => {
    expect(formatInstant('2026-05-03T13:02:11Z', 'Europe/London')).toBe('3 May 2026 at 14:02');
    expect(formatExactInstant('2026-05-03T13:02:11Z', 'UTC')).toBe('3 May 2026, 13:02:11');
  });

  it('that cannot be read are shown as they are', () => {
    expect(formatInstant('never')).toBe('never');
    expect(formatExactInstant('never')).toBe('never');
  });
});

describe('amounts', () => {
  it.each([
    [0, '0 bytes'],
    [35_400, '35 KB'],
    [20_971_520, '21.0 MB'],
  ])('%i bytes read %j', (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
  });

  it('know one from many', () => {
    expect(formatCount(1, 'card number', 'card numbers')).toBe('1 card number');
    expect(formatCount(1200, 'patient', 'patients')).toBe('1,200 patients');
  });

  it.each([
    [0, '0 seconds'],
    [1, '1 second'],
    [60, '1 minute'],
    [125, '2 minutes 5 seconds'],
  ])('%i seconds read %j', (seconds, text) => {
    expect(formatCountdown(seconds)).toBe(text);
  });
});

describe('NHS numbers', () => {
  it('are grouped three, three, four', () => {
    expect(formatNhsNumber('9434765919')).toBe('943 476 5919');
    expect(formatNhsNumber('943-476-5919')).toBe('943 476 5919');
  });

  it('of another length are left alone', () => {
    expect(formatNhsNumber('12345')).toBe('12345');
  });

  it('a postcode stays on one line of an address, and nothing else is joined', () => {
    expect(keepPostcodes('14 Quay Road, Leeds LS1 4AP')).toBe('14 Quay Road, Leeds LS1\u{a0}4AP');
    expect(keepPostcodes('Flat 2, ec1a 1bb')).toBe('Flat 2, ec1a\u{a0}1bb');
    expect(keepPostcodes('Unit 4 12 Mill Lane')).toBe('Unit 4 12 Mill Lane');
  });
});

it('costs are told in pounds and pence', () => {
  expect([formatPence(12_050), formatPence(0), formatPence(123_456_700)]).toEqual([
    '£120.50',
    '£0.00',
    '£1,234,567.00',
  ]);
});

it('a telephone number is dialled without the spaces and the zero that it is written with', () => {
  expect(['0113 496 0123', '+44 (0)113 496-0123'].map(telephoneAddress)).toEqual([
    'tel:01134960123',
    'tel:+441134960123',
  ]);
});
