import { describe, expect, it } from 'vitest';
import { scrub } from './index.ts';
import { toBase64 } from './testing/disguises.ts';

const number = '4111 1111 1111 1111';
const redacted = (text: string): string => scrub(text).value;

describe('escapes and markup', () => {
  it.each([
    ['a URL', 'n=4111%201111%201111%201111&x=1', 'n=[REDACTED-PAN]&x=1'],
    ['a URL escaped twice', '4111%25201111%25201111%25201111', '[REDACTED-PAN]'],
    ['JSON text', '"4111\\n1111\\u00a01111\\t1111"', '"[REDACTED-PAN]"'],
    [
      'HTML cells',
      '<td width="25%">4111</td><td>1111</td>\n<td>1111</td><td>1111</td>',
      '<td width="25%">[REDACTED-PAN]</td>',
    ],
    ['escaped HTML cells', '4111&lt;/td&gt;&lt;td&gt;1111&lt;/td&gt;1111 1111', '[REDACTED-PAN]'],
    ['terminal colours', '\u001b[1m4111\u001b[0m 1111 1111 1111', '\u001b[1m[REDACTED-PAN]'],
  ])('hide no number in %s', (_name, text, expected) => {
    expect(redacted(text)).toBe(expected);
  });

  it('hide no plain number behind what looks like an escape', () => {
    expect(redacted('100%4111111111111111')).toBe('100%[REDACTED-PAN]');
    expect(redacted('&#4111111111111111;')).toBe('&#[REDACTED-PAN];');
  });

  it('hide no number inside a tag that stands between digits', () => {
    expect(redacted('12<input value="4111111111111111">34')).toBe('12<input value="[REDACTED-PAN]">34');
  });
});

describe('what an escape leaves beside a number', () => {
  it('is searched again as it then stands', () => {
    // Before, "20" belongs to the digits that follow; once these are gone it ends an 18-digit number.
    const once = redacted('68548SSSS6686779034550288%204111111111111111');
    expect(once).toContain('[REDACTED-PAN]');
    expect(redacted(once)).toBe(once);
  });
});

describe('base64', () => {
  it.each([
    ['a number', number],
    ['digits of another script', '４１１１１１１１１１１１１１１１'],
    ['one digit at a time', Array.from('4111111111111111').join(' ')],
    ['base64 once more', toBase64(number)],
    ['URL escapes', '4111%201111%201111%201111'],
    ['text beyond ASCII before it', `José 💳 ${number}`],
  ])('hides no number: %s', (_name, text) => {
    expect(redacted(toBase64(text))).toMatch(/^[A-Za-z0-9+/]*\[REDACTED-PAN\][A-Za-z0-9+/=]*$/);
  });

  it('loses the quads of the number only: what is left still decodes', () => {
    const [before, after] = redacted(toBase64(`the card is ${number}, thank you very much`)).split(
      '[REDACTED-PAN]',
    );
    expect(atob(before ?? '')).toBe('the card is ');
    expect(atob(after ?? '')).toContain('thank you very much');
  });

  it('is read in lines, and with letters glued to its front', () => {
    const text = toBase64(`The quick brown fox jumps over the lazy dog, ${number}, again and again`);
    expect(redacted(text.replace(/.{64}/g, '$&\r\n'))).toContain('[REDACTED-PAN]');
    for (const glued of ['x', 'id', 'tok']) {
      expect(redacted(`${glued}${toBase64('4111111111111111')}`)).toContain('[REDACTED-PAN]');
    }
  });

  it('leaves other long words alone', () => {
    const text = 'https://example.org/a/very/long/path-name_with/ABCDEF0123456789/MTIzNDU2Nzg5MDEyMzQ1Ng==';
    expect(redacted(text)).toBe(text);
  });
});

describe('lines of a form', () => {
  it('are read together where each has a label and nothing stands between them', () => {
    expect(redacted('Part 1: 4111\nPart 2: 1111\r\nPart 3: 1111\nPart 4: 1111\n')).toBe(
      'Part 1: [REDACTED-PAN]\nPart 2: [REDACTED-PAN]\r\nPart 3: [REDACTED-PAN]\nPart 4: [REDACTED-PAN]\n',
    );
  });

  it('are kept where the labels say what they hold', () => {
    const text = 'NHS number: 4505577104\nRecord: 155550\n';
    expect(redacted(text)).toBe(text);
    expect(redacted(text.replace('NHS number', 'First'))).not.toContain('4505577104');
  });
});

describe('base64 over several lines', () => {
  it('is opened from its first line, which may hold no capital before the number', () => {
    const encoded = toBase64(`${'z'.repeat(50)}6011358740061177${'q'.repeat(40)}`);
    expect(redacted(encoded.replace(/.{76}/g, '$&\n'))).toContain('[REDACTED-PAN]');
    expect(redacted(encoded.replace(/.{76}/g, '$&\r\n'))).toContain('[REDACTED-PAN]');
  });
});
