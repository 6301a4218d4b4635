import type { Urgency } from '../api/types.ts';
import type { Tone } from '../parts/tag.tsx';

interface Words {
  readonly label: string;
  readonly tone: Tone;
}

const STATES: ReadonlyMap<string, Words> = new Map([
  ['PENDING', { label: 'Waiting', tone: 'warning' }],
  ['DELIVERED', { label: 'Delivered', tone: 'neutral' }],
  ['ACKNOWLEDGED', { label: 'Acknowledged', tone: 'good' }],
  ['ESCALATED', { label: 'Escalated', tone: 'danger' }],
] satisfies [string, Words][]);

const URGENCIES: ReadonlyMap<string, Words> = new Map([
  ['routine', { label: 'Routine', tone: 'neutral' }],
  ['urgent', { label: 'Urgent', tone: 'warning' }],
  ['emergency', { label: 'Emergency', tone: 'danger' }],
] satisfies [string, Words][]);

export const URGENCY_CHOICES: readonly {
  readonly value: Urgency;
  readonly label: string;
  readonly hint: string;
}[] = [
  { value: 'routine', label: 'Routine', hint: 'Within the working day' },
  { value: 'urgent', label: 'Urgent', hint: 'Before the next patient' },
  { value: 'emergency', label: 'Emergency', hint: 'At once' },
];

export function sayState(state: string): Words {
  return STATES.get(state.toUpperCase()) ?? { label: state, tone: 'neutral' };
}

export function sayUrgency(urgency: string): Words {
  return URGENCIES.get(urgency) ?? { label: urgency, tone: 'neutral' };
}

/** The engine's own limit, in characters. */
export const LONGEST_MESSAGE = 1000;

/** One line without control or invisible characters, which the engine refuses. */
export function tidyMessage(message: string): string {
  return message
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .replaceAll(/[\p{Cf}\p{Cs}]/gu, '')
    .trim();
}

/** What keeps a message from being sent; null when it can go. */
export function checkMessage(message: string): string | null {
  const { length } = tidyMessage(message);
  if (length === 0) return 'Write what the clinician needs to know';
  if (length > LONGEST_MESSAGE)
    return `Shorten the message by ${length - LONGEST_MESSAGE} ${length - LONGEST_MESSAGE === 1 ? 'character' : 'characters'}`;
  return null;
}
