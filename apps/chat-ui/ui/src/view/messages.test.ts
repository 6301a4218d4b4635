import { expect, it } from 'vitest';
import type { Message } from '../conversation/conversation.ts';
import { sayLast } from './messages.tsx';

const said = (author: Message['author'], text: string, state: Message['state'] = 'whole'): Message => ({
  id: text,
  author,
  text,
  state,
});
const question = said('person', 'Are you open?');

it('a screen reader is told that an answer comes, and then the answer once', () => {
  expect(sayLast([question, said('assistant', 'We', 'arriving')])).toBe('The assistant is writing.');
  expect(sayLast([question, said('assistant', 'We are', 'arriving')])).toBe('The assistant is writing.');
  expect(sayLast([question, said('assistant', 'We are open.')])).toBe('Assistant: We are open.');
  expect(sayLast([question, said('assistant', 'We are', 'cut')])).toBe(
    'Assistant: We are This answer is not finished.',
  );
});

it('a screen reader is told of a notice beside the question, and not again with the next one', () => {
  const told = [said('notice', 'We took out a name.'), question, said('assistant', '', 'arriving')];
  expect(sayLast(told)).toBe('We took out a name. The assistant is writing.');
  const next = [said('person', 'And on Sunday?'), said('assistant', '', 'arriving')];
  expect(sayLast([said('notice', 'We took out a name.'), question, said('assistant', 'Yes.'), ...next])).toBe(
    'The assistant is writing.',
  );
});

it('a screen reader is not told what somebody wrote themselves', () => {
  expect([sayLast([]), sayLast([question])]).toEqual(['', '']);
});
