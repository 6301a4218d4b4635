import { describe, expect, it } from 'vitest';
import { LONGEST_MESSAGE, checkMessage, sayState, sayUrgency, tidyMessage } from './alert-words.ts';

describe('an alert', () => {
  it.each(['', '   ', '\n'])('without a message (%j) is held back', (message) => {
    expect(checkMessage(message)).toBe('Write what the clinician needs to know');
  });

  it('of the full length goes, and beyond it says by how much to shorten', () => {
    expect(checkMessage('a'.repeat(LONGEST_MESSAGE))).toBeNull();
    expect(checkMessage('a'.repeat(LONGEST_MESSAGE + 1))).toBe('Shorten the message by 1 character');
    expect(checkMessage('a'.repeat(LONGEST_MESSAGE + 12))).toBe('Shorten the message by 12 characters');
  });

  it('goes as one line without hidden characters', () => {
    expect(tidyMessage(' swollen\n\tface\u202e now\u0000 ')).toBe('swollen face now');
  });

  it('has its state and urgency in words, known or not', () => {
    expect(sayState('PENDING').label).toBe('Waiting');
    expect(sayState('MISLAID')).toEqual({ label: 'MISLAID', tone: 'neutral' });
    expect(sayUrgency('emergency').tone).toBe('danger');
    expect(sayUrgency('whenever').label).toBe('whenever');
  });
});
