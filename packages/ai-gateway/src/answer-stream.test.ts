import { beforeAll, describe, expect, it } from 'vitest';
import { LONGEST_PLACEHOLDER } from '@cordon/phi-redaction';
import { AiGatewayError, type Gateway, type PreparedCall } from '../index.ts';
import { newContext, prepareWhole, openExampleGateway, triageCall } from '../testing/example-gateway.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await openExampleGateway();
});

const said = 'I am "Amira Holloway", ring 07700 900123';

function prepare(): { prepared: PreparedCall; sent: string } {
  const messages = [{ role: 'user', content: said }];
  const prepared = prepareWhole(gateway, triageCall({ model: 'any', messages }), newContext());
  const [message] = prepared.messages;
  if (typeof message?.content !== 'string') throw new Error('the message is gone');
  return { prepared, sent: message.content };
}

/** The answer in pieces of this many units, and how much was held back at most. */
function feed(prepared: PreparedCall, answer: string, size: number, form: 'text' | 'json' = 'text') {
  const stream = prepared.openAnswer(form);
  let out = '';
  let most = 0;
  let given = 0;
  for (let at = 0; at < answer.length; at += size) {
    const piece = answer.slice(at, at + size);
    given += piece.length;
    const came = stream.push(piece);
    out += came;
    if (came === '') most = Math.max(most, given);
    else given = 0;
  }
  return { out: out + stream.finish(), most };
}

const sizes = [1, 2, 3, 5, 7, 11, 1000];

describe('an answer in pieces', () => {
  it.each(sizes)('gets its words back in pieces of %i', (size) => {
    const { prepared, sent } = prepare();
    expect(feed(prepared, `You said: ${sent}. Is that so?`, size).out).toBe(`You said: ${said}. Is that so?`);
  });

  it.each(sizes)('gets them back as JSON in pieces of %i', (size) => {
    const { prepared, sent } = prepare();
    const out = feed(prepared, JSON.stringify({ note: `for ${sent}` }), size, 'json').out;
    expect(JSON.parse(out)).toEqual({ note: `for ${said}` });
  });

  it.each(['text', 'json'] as const)('gets them back where it is known to be whole, as %s', (form) => {
    const { prepared, sent } = prepare();
    const whole = form === 'json' ? JSON.stringify({ note: sent }) : sent;
    const stream = prepared.openAnswer(form);
    const before = stream.push(whole.slice(0, 7));
    expect(before + stream.finish(whole.slice(7))).toBe(
      form === 'json' ? JSON.stringify({ note: said }) : said,
    );
  });

  it.each(['Write to somebody.else@example.org', '4111 1111 1111 1111 and Zelda’s 07911 999888'])(
    'is refused where it is whole and has what is another’s: %s',
    (answer) => {
      const stream = prepare().prepared.openAnswer('text');
      expect(() => stream.finish(answer)).toThrow(AiGatewayError);
      expect(() => prepare().prepared.openAnswer('text').finish('a '.repeat(30_000))).toThrow(AiGatewayError);
    },
  );

  it('is held back no further than the longest placeholder', () => {
    const { prepared, sent } = prepare();
    const words = 'Take it three times a day for 5 days after a meal and drink plenty of water. ';
    for (const text of [
      words.repeat(4),
      `${sent} `.repeat(3),
      'a'.repeat(200),
      '1, 2, 3, 4, 5, 6, 7, 8, 9. ',
    ])
      expect(feed(prepared, text, 1).most).toBeLessThanOrEqual(LONGEST_PLACEHOLDER + 1);
  });

  it.each(sizes)('goes on without card numbers in pieces of %i', (size) => {
    expect(feed(prepare().prepared, 'use 4111 1111 1111 1111 again', size).out).toBe(
      'use [REDACTED-PAN] again',
    );
  });

  it.each(['"', '!', '”, then', '*', ']'])(
    'goes on without a card number that %s stands behind',
    (behind) => {
      for (const size of sizes)
        expect(feed(prepare().prepared, `use 4111 1111 1111 1111${behind}`, size).out).toBe(
          `use [REDACTED-PAN]${behind}`,
        );
    },
  );

  it.each([
    ['![a](https://evil.example/?q=person-kxqzvbtw) and on', '![a] ([link removed]) and on'],
    ['see //evil.example/x, then', 'see [link removed] then'],
    ['<img src="http://evil.example/a.png">', '<img src="[link removed]">'],
    ['go to www.evil.example now', 'go to [link removed] now'],
    ['[x](javascript:alert(1)) end', '[x] ([link removed])) end'],
    ['the data: one and two', 'the data: one and two'],
  ])('loses its addresses: %s', (answer, left) => {
    for (const size of sizes) expect(feed(prepare().prepared, answer, size).out).toBe(left);
  });

  it.each([
    'ring 07911 123456 now',
    'write to jo@example.org now',
    'tell Amira so',
    'send it to SW1A 2AA now',
  ])('is withheld when it knows what nobody told it: %s', (answer) => {
    for (const size of sizes) {
      const stream = prepare().prepared.openAnswer('text');
      let out = '';
      expect(() => {
        for (let at = 0; at < answer.length; at += size) out += stream.push(answer.slice(at, at + size));
        out += stream.finish();
      }).toThrow(AiGatewayError);
      expect(out).not.toMatch(/\d{3}|@|Amira|SW1A/u);
    }
  });

  it('is withheld beyond its size', () => {
    expect(() => prepare().prepared.openAnswer('text').push('a '.repeat(30_000))).toThrow(AiGatewayError);
  });
});
