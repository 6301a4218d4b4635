import { describe, expect, it } from 'vitest';
import { readProveOptions } from './rls-options.ts';

const url = ['--url', 'postgresql://a@h/d'];

describe('cordon rls prove', () => {
  it('proves every store as text by default', () => {
    expect(readProveOptions(['prove'])).toEqual({ stores: [], format: 'text' });
  });

  it('takes stores, a format and a file', () => {
    expect(
      readProveOptions([
        'prove',
        '--store',
        'vault',
        '--store',
        'audit',
        '--format',
        'sarif',
        '--output',
        'x.sarif',
      ]),
    ).toEqual({
      stores: ['vault', 'audit'],
      format: 'sarif',
      outputFile: 'x.sarif',
    });
  });

  it('takes another database with its scratch and its configuration', () => {
    const words = ['prove', ...url, '--scratch', 'postgresql://a@h/s', '--config', 'c.json'];
    expect(readProveOptions(words).foreign).toEqual({
      url: 'postgresql://a@h/d',
      scratch: 'postgresql://a@h/s',
      configFile: 'c.json',
    });
  });

  it.each([
    ['nothing to do', [], 'cordon rls prove'],
    ['something else to do', ['disprove'], 'cordon rls prove'],
    ['another format', ['prove', '--format', 'xml'], 'text, json, sarif'],
    ['a url without a scratch', ['prove', ...url], 'Give --scratch as well'],
    [
      'a url without a configuration',
      ['prove', ...url, '--scratch', 'postgresql://a@h/s'],
      'Give --config as well',
    ],
    ['a store beside a url', ['prove', ...url, '--store', 'audit'], 'give one of them'],
    ['a scratch without a url', ['prove', '--scratch', 'postgresql://a@h/s'], 'belong to --url'],
    ['an unknown word', ['prove', '--live'], '--live'],
  ])('refuses %s', (_name, words, message) => {
    expect(() => readProveOptions(words)).toThrow(message);
  });
});
