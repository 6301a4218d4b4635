import { expect, it } from 'vitest';
import { sayConversationState, saySpeaker } from './conversation-words.ts';

it('a conversation whose patient asks for a person stands out, and an unknown state is told as it is', () => {
  expect(sayConversationState('handed-over')).toEqual({ tone: 'warning', words: 'Asks for a person' });
  expect(sayConversationState('closed').words).toBe('Erased by the patient');
  expect([sayConversationState('other').words, saySpeaker('assistant'), saySpeaker('other')]).toEqual([
    'other',
    'Assistant',
    'other',
  ]);
});
