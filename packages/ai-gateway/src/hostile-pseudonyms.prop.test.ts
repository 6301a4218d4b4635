import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { AiGatewayError, type Gateway, type GatewayContext, type PreparedCall } from '../index.ts';
import { newContext, openExampleGateway, prepareWhole, triageCall } from '../testing/example-gateway.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await openExampleGateway();
});

const prepare = (text: string, context: GatewayContext = newContext()): PreparedCall =>
  prepareWhole(gateway, triageCall({ model: 'any', messages: [{ role: 'user', content: text }] }), context);

const sentOf = ({ messages: [message] }: PreparedCall): string =>
  typeof message?.content === 'string' ? message.content : '';

/** The answer in pieces of this many units; what the gateway refuses instead is said by its code. */
function answer(prepared: PreparedCall, text: string, size: number): string {
  const stream = prepared.openAnswer('text');
  try {
    let out = '';
    for (let at = 0; at < text.length; at += size) out += stream.push(text.slice(at, at + size));
    return out + stream.finish();
  } catch (error) {
    if (error instanceof AiGatewayError) return error.code;
    throw error;
  }
}

const kinds = ['person', 'date', 'phone', 'email', 'address', 'postcode', 'number', 'link'];
const code = fc.string({
  unit: fc.constantFrom(...Array.from('bcdfghjkmnpqrstvwxz')),
  minLength: 8,
  maxLength: 8,
});
const joint = fc.constantFrom('-', '_', ' ', ' - ', '--', ': ', '', '\u2011', '\u00a0', '\n', '*', '“', '—');
/** What no eye sees, put between two letters. */
const unseen = fc.constantFrom(
  '',
  '',
  '\u200b',
  '\u200c',
  '\u200d',
  '\u2060',
  '\u00ad',
  '\ufeff',
  '\u{e0062}',
  '\u202e',
);
const changed = fc.constantFrom(
  (text: string) => text,
  (text: string) => text.toUpperCase(),
  (text: string) => text.replace(/^./u, (first) => first.toUpperCase()),
  (text: string) => `**${text}**`,
  (text: string) => `\`${text}\``,
  (text: string) => text.split('').join('\u0301'),
  (text: string) =>
    text.replaceAll(/[a-z]/gu, (letter) => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0)),
);
/** Whatever has the form of a placeholder, or nearly. */
const forged = fc
  .tuple(fc.constantFrom('', ...kinds), joint, code, unseen, changed, fc.nat(20))
  .map(([kind, between, letters, hidden, change, at]) => {
    const text = change(`${kind}${between}${letters}`);
    const place = at % (text.length + 1);
    return text.slice(0, place) + hidden + text.slice(place);
  });
// Figures stand alone: letters that look like figures go with them, for good, where they may be a card’s number.
const words = fc.constantFrom(
  'my tooth',
  'Amira Holloway',
  ' 07700 900123 ',
  'ask for',
  'person',
  'the number',
  'a',
  '.',
  ' 17 March 1984 ',
  '🦷',
  'LS6 3HN',
);
const message = fc
  .array(fc.tuple(fc.oneof({ weight: 2, arbitrary: forged }, { weight: 1, arbitrary: words }), fc.constantFrom(' ', ' ', ', ', '-', '\n', '')), { minLength: 1, maxLength: 8 })
  .map((parts) => parts.flat().join(''))
  .filter((text) => /[^\s]/u.test(text)); // prettier-ignore

/** Dropped before anything is read: nobody sees them, and they could part what belongs together. */
const UNSEEN = /[[\p{Cf}\p{Co}\p{Cn}]--[\u200c-\u200d\u0600-\u0605]]/gv;
/** What the configuration removes for good, whoever wrote it. */
const CONTACT = /(?:phone|email)[^\t\n\f\r ]*/giu;
const readable = (text: string): string =>
  text.replaceAll(UNSEEN, '').replaceAll(CONTACT, '[contact_removed]');

describe('what somebody writes in the form of a placeholder', () => {
  it('is sent as another one, and comes back as it was written', () => {
    fc.assert(
      fc.property(message, fc.integer({ min: 1, max: 40 }), (text, size) => {
        const prepared = prepare(text);
        // What looks like a key (`-sk` and more) is removed for good as well, and is no placeholder any more.
        fc.pre(!sentOf(prepared).includes('[credential_removed]'));
        const written = readable(text);
        expect(prepared.pseudonyms.restore(sentOf(prepared))).toBe(written);
        expect(answer(prepared, sentOf(prepared), size)).toBe(written);
      }),
      { numRuns: 300 },
    );
  });

  it('asks for nobody: a placeholder of this conversation, as seen by somebody, is another in the next turn', () => {
    fc.assert(
      fc.property(changed, unseen, fc.nat(20), (change, hidden, at) => {
        const context = newContext();
        const hers = sentOf(prepare('Amira Holloway', context));
        const text = change(hers);
        const asked = text.slice(0, at) + hidden + text.slice(at);
        const prepared = prepare(`who is ${asked} please`, context);
        expect(answer(prepared, sentOf(prepared), 3)).not.toMatch(/amira|holloway/iu);
        // Nor where the model answers with what it was never given in this turn.
        for (const said of [hers, hers.toUpperCase(), hers.replace('-', ' '), hers.slice(hers.indexOf('-') + 1), asked])
          expect(answer(prepared, `It is ${said}.`, 3)).not.toMatch(/amira|holloway/iu);
      }),
      { numRuns: 100 },
    );
  }); // prettier-ignore
});

describe('what a model answers with placeholders that were never given out', () => {
  it('stays as it is, also where another conversation has them', () => {
    fc.assert(
      fc.property(forged, changed, fc.integer({ min: 1, max: 40 }), (made, change, size) => {
        const another = sentOf(prepare('Amira Holloway, 07700 900123, 17 March 1984'));
        const prepared = prepare('I am Amira Holloway');
        const said = `${made} and ${change(another)}, so.`;
        const out = answer(prepared, said, size);
        expect(out).not.toMatch(/amira|holloway|07700|1984/iu);
        if (!out.startsWith('ai-')) expect(prepared.pseudonyms.restore(said)).toBe(said);
      }),
      { numRuns: 200 },
    );
  });

  it('ends no conversation, however many there are', () => {
    const made = Array.from({ length: 3_000 }, (_each, at) => {
      const letters = Array.from({ length: 8 }, (_letter, place) => 'bcdfghjkmn'[Math.floor(at / 10 ** place) % 10]);
      return `person-${letters.join('')}`;
    }); // prettier-ignore
    const prepared = prepare('I am Amira Holloway');
    expect(answer(prepared, made.slice(0, 2_000).join(' '), 7)).toBe(made.slice(0, 2_000).join(' '));
    expect(() => prepare(made.join(' '))).toThrow(AiGatewayError);
  });
});
