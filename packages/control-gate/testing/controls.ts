import { pass, seen } from '../src/answers.ts';
import type { Control } from '../src/control.ts';
import type { Finding } from '../src/run-checks.ts';

/** A control that passes, but for what a test says otherwise. */
export const control = (more: Partial<Control<undefined>> = {}): Control<undefined> => ({
  id: 'SEC-100',
  title: 'The door is locked',
  priority: 'P1',
  threat: 'Somebody walks in.',
  owner: 'security',
  references: { asvs: ['8.2.1'], hipaa: [], ukGdpr: ['32'] },
  next: 'lock the door',
  check: () =>
    Promise.resolve(pass('It is locked.', [seen('try the handle', 'the door', 'it did not open')])),
  ...more,
});

export const finding = (
  state: Finding['state'],
  more: Partial<Control<undefined>> = {},
  said: Partial<Finding> = {},
): Finding => {
  const { check: _check, ...card } = control(more);
  return {
    control: card,
    state,
    because: state === 'pass' ? 'It is locked.' : 'It stood open.',
    evidence: [
      { asked: 'try the handle', of: 'the door', at: '2026-03-01T10:00:00.000Z', answer: 'it moved' },
    ],
    at: '2026-03-01T10:00:00.000Z',
    milliseconds: 12,
    ...said,
  };
};
