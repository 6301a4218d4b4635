import type { Tone } from '../parts/tag.tsx';

interface StateWords {
  readonly label: string;
  readonly tone: Tone;
  /** What can happen next, as the engine names the state and as people say it. */
  readonly next: readonly { readonly state: string; readonly label: string }[];
}

const CANCEL = { state: 'cancelled', label: 'Cancel' };

const STATES: ReadonlyMap<string, StateWords> = new Map([
  [
    'booked',
    {
      label: 'Booked',
      tone: 'neutral',
      next: [{ state: 'arrived', label: 'Arrived' }, { state: 'missed', label: 'Did not come' }, CANCEL],
    },
  ],
  ['arrived', { label: 'Arrived', tone: 'warning', next: [{ state: 'completed', label: 'Done' }, CANCEL] }],
  ['completed', { label: 'Done', tone: 'good', next: [] }],
  ['cancelled', { label: 'Cancelled', tone: 'neutral', next: [] }],
  ['missed', { label: 'Did not come', tone: 'danger', next: [] }],
] satisfies [string, StateWords][]);

export function sayAppointmentState(state: string): StateWords {
  return STATES.get(state) ?? { label: state, tone: 'neutral', next: [] };
}
