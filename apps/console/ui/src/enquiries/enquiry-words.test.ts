import { expect, it } from 'vitest';
import { sayEnquiryState } from './enquiry-words.ts';

it('an enquiry can be closed from every state in which somebody may be contacted', () => {
  for (const state of ['new', 'contacted'])
    expect(sayEnquiryState(state).next.map((step) => step.state)).toContain('closed');
  expect(sayEnquiryState('withdrawn').next).toEqual([]);
});

it('a state without words of its own is told as it is', () => {
  expect(sayEnquiryState('parked')).toEqual({ label: 'parked', tone: 'neutral', next: [] });
});
