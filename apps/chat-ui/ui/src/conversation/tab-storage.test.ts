import { afterEach, expect, it, vi } from 'vitest';
import { readKept, takeFromTab } from './tab-storage.ts';

const now = 1_800_000_000_000;
const message = (state: string, text = 'Are you open?') => ({ id: 'm', author: 'assistant', text, state });
const kept = (change: object = {}): string =>
  JSON.stringify({
    at: now - 1_000,
    id: 'c',
    emergency: true,
    removedByServer: 1,
    messages: [message('whole')],
    ...change,
  });

it('a visitor’s conversation goes on as it was, with its emergency advice', () => {
  expect(readKept(kept(), now)).toEqual({
    id: 'c',
    messages: [message('whole')],
    emergency: true,
    removedByServer: 1,
    state: 'open',
  });
});

it('an answer that was on its way is told as cut, and one of which nothing came is not there', () => {
  const read = readKept(kept({ messages: [message('arriving', 'We are'), message('arriving', '')] }), now);
  expect(read?.messages).toEqual([message('cut', 'We are')]);
});

it.each([
  ['nothing', null],
  ['no JSON', 'made up'],
  ['an older one', kept({ at: now - 16 * 60_000 })],
  ['one of the future', kept({ at: now + 1_000 })],
  ['one without a time', kept({ at: 'now' })],
  ['more than there can be', kept({ messages: [message('whole', 'x'.repeat(200_000))] })],
])('%s is not taken up', (_case, text) => {
  expect(readKept(text, now)).toBeNull();
});

afterEach(() => vi.unstubAllGlobals());

it('what is not taken up is not left in the tab either', () => {
  const left = new Map([['cordon.chat', kept()]]);
  vi.stubGlobal('sessionStorage', {
    getItem: (name: string) => left.get(name) ?? null,
    removeItem: (name: string) => left.delete(name),
  });
  expect(takeFromTab()).toBeNull();
  expect(left.size).toBe(0);
});

it('what has another form among the messages is left out', () => {
  const messages = [
    null,
    'text',
    { author: 'person' },
    { ...message('whole'), author: 'system' },
    message('whole'),
  ];
  expect(readKept(kept({ messages }), now)?.messages).toEqual([message('whole')]);
});
