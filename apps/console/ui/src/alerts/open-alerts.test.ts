import { expect, it } from 'vitest';
import type { UrgencyAlert } from '../api/types.ts';
import { applyEvent, sortOpen } from './open-alerts.ts';

const alert = (id: string, urgency: string, minute: number, state = 'PENDING'): UrgencyAlert => ({
  id,
  clinicId: 'c',
  patientId: 'p',
  state,
  urgency,
  message: 'Swollen',
  createdAt: `2026-05-03T12:0${minute}:00.000Z`,
  escalatesAt: `2026-05-03T12:1${minute}:00.000Z`,
  assignedTo: null,
  acknowledgedBy: null,
  acknowledgedAt: null,
});

it('the most pressing alert stands first, and among equals the one that waits longest', () => {
  const sorted = sortOpen([
    alert('a', 'routine', 1),
    alert('b', 'urgent', 5),
    alert('c', 'emergency', 9),
    alert('d', 'urgent', 2),
  ]);
  expect(sorted.map(({ id }) => id)).toEqual(['c', 'd', 'b', 'a']);
});

it('an event adds, changes or takes away one alert, or tells all anew', () => {
  let open = applyEvent(new Map(), 'open', JSON.stringify({ items: [alert('a', 'routine', 1)] }));
  open = applyEvent(open, 'alert', JSON.stringify(alert('b', 'urgent', 2)));
  open = applyEvent(open, 'alert', JSON.stringify(alert('a', 'routine', 1, 'ESCALATED')));
  expect([...open.values()].map(({ id, state }) => [id, state])).toEqual([
    ['a', 'ESCALATED'],
    ['b', 'PENDING'],
  ]);
  open = applyEvent(open, 'alert', JSON.stringify(alert('b', 'urgent', 2, 'ACKNOWLEDGED')));
  expect([...open.keys()]).toEqual(['a']);
  expect(applyEvent(open, 'unheard-of', '{}')).toBe(open);
});
