import { describe, expect, test } from 'vitest';
import { readStrictJson } from './strict-json.ts';

const bounds = { maxCharacters: 1_000_000, maxDepth: 20 };

describe('JSON of an untrusted sender', () => {
  test.each(['{"a":[1,"x:y",{"a":null}],"b":"\\"a\\":1"}', '[]', '"a"', ' {"a" : 1 , "b" :2} '])(
    'is parsed when it is well formed: %s',
    (text) => {
      expect(readStrictJson(text, bounds)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
    },
  );

  test.each([
    ['cut short', '{"notes":', 'malformed', 'notes'],
    ['an open string', '{"notes":"x', 'malformed', 'notes'],
    ['a trailing comma', '{"notes":"x",}', 'malformed', 'notes'],
    ['a bad escape in a key', '{"a\\x":1}', 'malformed', ''],
    ['nothing', '', 'malformed', ''],
    ['two equal keys', '{"phone":"1","phone":"2"}', 'duplicate-key', 'phone'],
    ['two equal keys, one escaped', '{"phone":"1","ph\\u006fne":"2"}', 'duplicate-key', 'phone'],
    ['a prototype', '{"__proto__":{"admin":true}}', 'forbidden-key', '__proto__'],
    ['an escaped prototype', '{"\\u005f_proto__":1}', 'forbidden-key', '__proto__'],
    ['a constructor deep inside', '{"a":[{"constructor":1}]}', 'forbidden-key', 'constructor'],
    ['10,000 levels of arrays', `{"words":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, 'too-deep', 'words'],
    ['10,000 levels of objects', '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000), 'too-deep', 'a'],
    ['more than the limit', `"${'x'.repeat(1_000_000)}"`, 'too-long', ''],
  ])('is refused with the key at fault: %s', (_what, text, fault, field) => {
    expect(readStrictJson(text, bounds)).toEqual({ ok: false, fault, field });
  });

  test('leaves the prototype of objects alone', () => {
    readStrictJson('{"__proto__":{"polluted":1}}', bounds);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
