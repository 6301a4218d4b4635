import { expect, it } from 'vitest';
import { isOfVersion, sayCost, saySources, sayState } from './plan-words.ts';

it('costs are told in pounds, and a missing one as missing', () => {
  expect([sayCost(12_050), sayCost(0), sayCost(null)]).toEqual(['£120.50', '£0.00', 'No cost named']);
});

it('the sources of an explanation are told once each, in words', () => {
  const fields = ['treatmentPlan.title', 'treatmentPlan.items[].summaryText', 'treatmentPlan.totalVisits'];
  expect(saySources([{ fields }, { fields: ['treatmentPlan.title'] }])).toBe(
    'the title, the steps and the number of visits',
  );
});

it('a state without words of its own is told as it is', () => {
  expect([sayState('proposed'), sayState('other')]).toEqual(['Waiting for your decision', 'other']);
});

it('an explanation is of the plan as it is shown, or it is of another', () => {
  const made = { sources: [{ version: 2 }] };
  expect([1, 2, 3].map((version) => isOfVersion(made, version))).toEqual([false, true, false]);
});
