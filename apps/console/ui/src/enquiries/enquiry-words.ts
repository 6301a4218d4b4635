import type { Tone } from '../parts/tag.tsx';

interface EnquiryState {
  readonly label: string;
  readonly tone: Tone;
  /** What somebody at the desk can say next. */
  readonly next: readonly { readonly state: string; readonly label: string }[];
}

const contacted = { state: 'contacted', label: 'Contacted' };
const closed = { state: 'closed', label: 'Close' };

const STATES: ReadonlyMap<string, EnquiryState> = new Map([
  ['new', { label: 'Waiting', tone: 'warning', next: [contacted, closed] }],
  ['contacted', { label: 'Contacted', tone: 'good', next: [closed] }],
  ['closed', { label: 'Closed', tone: 'neutral', next: [{ state: 'new', label: 'Open again' }] }],
  ['withdrawn', { label: 'Withdrawn: do not contact', tone: 'danger', next: [] }],
]);

/** A state that this page does not know yet is shown as it is, and leads nowhere. */
export function sayEnquiryState(state: string): EnquiryState {
  return STATES.get(state) ?? { label: state, tone: 'neutral', next: [] };
}
