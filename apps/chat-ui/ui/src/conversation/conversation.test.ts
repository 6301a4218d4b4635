import { expect, it } from 'vitest';
import {
  emptyConversation,
  findWhole,
  reduceConversation,
  toMessages,
  withoutRepeats,
  type ConversationEvent,
} from './conversation.ts';

const after = (...events: ConversationEvent[]) => events.reduce(reduceConversation, emptyConversation);
const asked: ConversationEvent = { type: 'asked', messageId: 'q', text: 'Are you open?', answerId: 'a' };
const arrived = (text: string): ConversationEvent => ({ type: 'arrived', answerId: 'a', text });
const textsOf = (...events: ConversationEvent[]) =>
  after(...events).messages.map(({ author, text, state }) => `${author} ${state}: ${text}`);

it('an answer grows piece by piece until it is whole', () => {
  expect(textsOf(asked, arrived('We are '), arrived('open.'))).toEqual([
    'person whole: Are you open?',
    'assistant arriving: We are open.',
  ]);
  expect(textsOf(asked, arrived('Yes.'), { type: 'finished', answerId: 'a' }).at(-1)).toBe(
    'assistant whole: Yes.',
  );
});

it('what came before the connection was lost stays, marked as cut; nothing leaves no empty answer', () => {
  expect(textsOf(asked, arrived('We'), { type: 'broken', answerId: 'a' }).at(-1)).toBe('assistant cut: We');
  expect(textsOf(asked, { type: 'broken', answerId: 'a' })).toEqual(['person whole: Are you open?']);
});

it('an answer that was broken off by the gateway is taken back', () => {
  expect(textsOf(asked, arrived('Some'), { type: 'taken-back', answerId: 'a' })).toEqual([
    'person whole: Are you open?',
  ]);
});

it('asking again takes the place of the answer that was cut', () => {
  const again: ConversationEvent = { type: 'asked-again', answerId: 'b' };
  expect(textsOf(asked, arrived('We'), { type: 'broken', answerId: 'a' }, again)).toEqual([
    'person whole: Are you open?',
    'assistant arriving: ',
  ]);
});

it('an answer that was cut here is taken from the server where that has it whole, and only then', () => {
  const [, cut] = after(asked, arrived('We are'), { type: 'broken', answerId: 'a' }).messages;
  if (cut === undefined) throw new Error('There is no answer.');
  const turn = (speaker: string, text: string) => ({ speaker, text });
  const question = turn('visitor', 'Are you open?');
  const find = (...turns: ReturnType<typeof turn>[]) => findWhole(cut, toMessages('c', turns));
  expect(find(question, turn('assistant', 'We are open.'))).toBe('We are open.');
  expect(find(question, turn('assistant', 'We are […]'))).toBeNull();
  expect(find(question, turn('assistant', 'No.'))).toBeNull();
  expect(find(turn('assistant', 'We are open.'), question)).toBeNull();
  expect(find()).toBeNull();
  const completed: ConversationEvent = { type: 'completed', answerId: 'a', text: 'We are open.' };
  expect(textsOf(asked, arrived('We are'), { type: 'broken', answerId: 'a' }, completed)).toEqual([
    'person whole: Are you open?',
    'assistant whole: We are open.',
  ]);
});

it('advice for an emergency stays once it is shown, until the conversation is erased', () => {
  expect(after({ type: 'emergency' }, asked, { type: 'handed-over' })).toMatchObject({
    emergency: true,
    state: 'handed-over',
  });
  expect(after({ type: 'emergency' }, asked, { type: 'erased' })).toEqual(emptyConversation);
});

it('the end of a visit leaves nothing of what was said, but its own notice and the advice for an emergency', () => {
  const ended: ConversationEvent = { type: 'visit-ended', messageId: 'n', text: 'Your visit has ended.' };
  expect(after({ type: 'named', id: 'c' }, { type: 'emergency' }, asked, arrived('Yes.'), ended)).toEqual({
    ...emptyConversation,
    emergency: true,
    messages: [{ id: 'n', author: 'notice', text: 'Your visit has ended.', state: 'whole' }],
  });
});

it('a question that was asked again after a cut answer is taken up once; one that was asked twice stays', () => {
  const turn = (speaker: string, text: string) => ({ speaker, text });
  const question = turn('patient', 'Are you open?');
  const kept = toMessages('c', [
    question,
    question,
    turn('assistant', 'We […]'),
    question,
    turn('assistant', 'We are open.'),
    question,
    turn('assistant', 'Yes […]'),
  ]);
  expect(withoutRepeats(kept).map(({ text, state }) => `${state}: ${text}`)).toEqual([
    'whole: Are you open?',
    'whole: We are open.',
    'whole: Are you open?',
    'cut: Yes […]',
  ]);
});
