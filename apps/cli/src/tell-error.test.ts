import { TransparencyLogError } from '@cordon/transparency-log';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CliError } from './error.ts';
import { tellError } from './tell-error.ts';

let said: unknown[];
beforeEach(() => {
  said = [];
  vi.spyOn(console, 'error').mockImplementation((line: unknown) => {
    said.push(line);
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

const systemError = (code: string): Error => Object.assign(new Error('raw'), { code, path: '/x/.cordon' });

describe('tellError', () => {
  it('prints the public sentence, and the detail under it', () => {
    tellError(
      new CliError('app-ended', 'The app ended.', { detail: 'one\ntwo\n', cause: new Error('inner') }),
    );
    expect(said).toEqual(['cordon: The app ended.', '    one\n    two']);
  });

  it('prints in which file, line and byte a fault is', () => {
    const place = { source: 'x.tlog-proof', line: 3, byte: 900 };
    tellError(new TransparencyLogError('proof-malformed', { detail: 'it ends too early', place }));
    expect(said.slice(1)).toEqual(['    in x.tlog-proof, line 3, byte 900', '    it ends too early']);
  });

  it.each([
    ['ENOSPC', 'cordon: The disk is full: free at least 500 MB and start again.'],
    ['EROFS', 'cordon: /x/.cordon is on a read-only disk: move the checkout to one that can be written to.'],
    ['EACCES', 'cordon: This account may not use /x/.cordon: start Cordon as the owner of the checkout.'],
    ['EPERM', 'cordon: This account may not use /x/.cordon: start Cordon as the owner of the checkout.'],
    ['ENOENT', 'cordon: There is no /x/.cordon: check the path.'],
    ['EEXIST', 'cordon: /x/.cordon is there already: choose another name.'],
    ['EISDIR', 'cordon: /x/.cordon is a folder: name a file.'],
    ['ENOTDIR', 'cordon: /x/.cordon leads through a file as if it were a folder: check the path.'],
    ['ECONNREFUSED', 'cordon: Nothing answers at the address of a store: check that it runs, and try again.'],
  ])('puts %s into words', (code, sentence) => {
    tellError(systemError(code));
    expect(said).toEqual([sentence]);
  });

  it('keeps all of an error that nobody foresaw', () => {
    const error = systemError('EIO');
    tellError(error);
    expect(said).toEqual([error]);
  });
});
