import { expect, it } from 'vitest';
import { saySources, sayStanding } from './summary-words.ts';

it('a summary that nobody confirmed does not look confirmed', () => {
  expect(sayStanding(null)).toEqual({ tone: 'warning', words: 'Generated, not confirmed' });
  expect(sayStanding('10:02')).toEqual({ tone: 'good', words: 'Generated, confirmed by you at 10:02' });
});

it('the sources of a summary are told once each, in words, and an unknown one as it is named', () => {
  const fields = ['clinicalRecord.problemList', 'clinicalRecord.treatmentSummary', 'clinicalRecord.other'];
  const sources = [{ fields }, { fields: ['clinicalRecord.problemList'] }];
  expect(saySources({ text: '', offline: true, sources })).toBe(
    'problems, treatment and clinicalRecord.other',
  );
});
