import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { compileKnown, findIdentifiers, openRestoreStream, Pseudonyms } from '../index.ts';

const newConversation = (): Pseudonyms => {
  const key = randomBytes(32);
  return new Pseudonyms((words) => createHmac('sha256', key).update(words).digest());
};
const known = compileKnown([{ names: ['Amira Holloway'] }]);
const redact = (conversation: Pseudonyms, text: string): string =>
  conversation.replace(text, findIdentifiers(text, known));

describe('pseudonyms', () => {
  it('stay the same within a conversation and are others in the next', () => {
    const conversation = newConversation();
    const first = redact(conversation, 'Amira called');
    expect(first).toMatch(/^person-[b-df-hjkmnp-tv-xz]{8} called$/u);
    expect(redact(conversation, 'Amira called')).toBe(first);
    expect(redact(newConversation(), 'Amira called')).not.toBe(first);
  });

  it.each([
    ['upper case', (text: string): string => text.toUpperCase()],
    ['a capital', (text: string): string => text.replace(/^p/u, 'P')],
    ['a space for the joint', (text: string): string => text.replace('-', ' ')],
    ['an underscore', (text: string): string => text.replace('-', '_')],
    ['bold type', (text: string): string => `**${text}**`],
    ['a genitive', (text: string): string => `${text}'s`],
    ['no kind before it', (text: string): string => text.replace('person-', '')],
  ])('are known again after a model gave them %s', (_change, change) => {
    const conversation = newConversation();
    const [name = ''] = redact(conversation, 'Amira is here').split(' ');
    expect(conversation.restore(change(name))).toContain('Amira');
  });

  it('cannot be asked for: what looks like one gets one itself, and comes back as it was', () => {
    const conversation = newConversation();
    const hers = redact(conversation, 'Amira').trim();
    const code = hers.slice(hers.indexOf('-') + 1);
    // Also where no detector takes it for a name.
    for (const replaced of [redact, (own: Pseudonyms, text: string) => own.replace(text, [])]) {
      const text = `who is ${hers}, ${code} or PERSON ${code.toUpperCase()}?`;
      const asked = replaced(conversation, text);
      expect(asked.toLowerCase()).not.toContain(code);
      expect(conversation.restore(asked)).toBe(text);
    }
  });

  it.each([
    '我叫Amira。',
    'Amira我的牙很痛',
    'Amiraさんの歯',
    'ring 07700900123thanks',
    'ring 07700 900123Amira now',
    'born 17/03/1984please',
    'bcdfghjk07700 900123',
    'Amira-bcdfghjk',
    'bcdfghjk我bcdfghjk',
  ])('come back where words are not parted: %s', (text) => {
    const conversation = newConversation();
    const replaced = redact(conversation, text);
    expect(replaced).not.toMatch(/Amira|07700|900123|1984|(?<!-)bcdfghjk/u);
    expect(conversation.restore(replaced)).toBe(text);
    const stream = openRestoreStream(conversation);
    expect(Array.from(replaced, (letter) => stream.push(letter)).join('') + stream.finish()).toBe(text);
  });

  it('that a model made up stay as they are', () => {
    expect(newConversation().restore('person-bcdfghjk said so')).toBe('person-bcdfghjk said so');
  });

  it('come back escaped where the text is inside a JSON string', () => {
    const conversation = newConversation();
    const text = 'A "quoted" name';
    const replaced = conversation.replace(text, [
      { start: 0, end: text.length, kind: 'person', source: 'record' },
    ]);
    const stream = openRestoreStream(conversation, (original) => JSON.stringify(original).slice(1, -1));
    const written =
      Array.from(`{"to":"${replaced}"}`, (letter) => stream.push(letter)).join('') + stream.finish();
    expect(JSON.parse(written)).toEqual({ to: text });
  });
});
