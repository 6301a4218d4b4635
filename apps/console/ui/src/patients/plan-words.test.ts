import { expect, it } from 'vitest';
import { readPounds } from './plan-words.ts';

it.each([
  ['125', 12_500],
  ['£ 125.5', 12_550],
  ['0,99', 99],
  [' 480.00 ', 48_000],
])('reads %j as %i pence', (text, pence) => {
  expect(readPounds(text)).toBe(pence);
});

it.each(['', '-5', '1.234', 'a lot', '1e3', '12 000', '1000000000'])('takes %j for no amount', (text) => {
  expect(readPounds(text)).toBeNull();
});
