import { dictionary } from '@zxcvbn-ts/language-common';
import { describe, expect, it } from 'vitest';
import {
  checkNewPassword,
  isCommon,
  personalWords,
  shortestAlone,
  shortestWithFactor,
} from './password-rules.ts';

describe('a new password', () => {
  it.each([
    'password',
    'Password2026!',
    'P4ssw0rd123456789',
    '!!letmein!!',
    'qwertyuiop12345',
    'passwordpassword',
    'monkeymonkeymonkey',
    '123456789012345',
    'aaaaaaaaaaaaaaaaaa',
    '1q1q1q1q1q1q1q1q',
    'correct horse battery staple',
    'CORDON-2026-2026',
    '                    ',
  ])('that is a common one in any dress is refused: %s', (password) => {
    expect(isCommon(password)).toBe(true);
  });

  it.each([
    'three lemons under the moon',
    'my password is a secret shared with nobody',
    'grüne Äpfel im März',
    'vZ7#qLp0',
    'tandem-obsidian-walrus',
  ])('that merely holds a common word, or has one kind of letters only, passes: %s', (password) => {
    expect(isCommon(password)).toBe(false);
  });

  it('that was in a breach is refused, as it was and in another dress', () => {
    const breached = dictionary['passwords-common'].filter((each) => each.length >= shortestWithFactor);
    expect(breached.length).toBeGreaterThan(15_000);
    expect(breached.filter((each) => !isCommon(each))).toEqual([]);
    for (const password of ['hd764nw5d7e1vb1', 'HD764NW5D7E1VB1', 'QwertAsdfgZxcvb!!', 'polniypizdec0211'])
      expect(isCommon(password), password).toBe(true);
  }); // prettier-ignore

  it('made from the address of its account is refused', () => {
    const words = personalWords('petra.winterbottom@clinic.example');
    expect(isCommon('Winterbottom1987', words)).toBe(true);
    expect(isCommon('winterbottom feeds the owls', words)).toBe(false);
  });

  it('has 15 characters where it stands alone and 8 where a factor stands beside it', () => {
    const short = expect.objectContaining({ code: 'identity-password-too-short' }) as Error;
    expect(() => { checkNewPassword('walrus-obsidia', shortestAlone, []); }).toThrow(short);
    expect(() => { checkNewPassword('walrus-obsidian', shortestAlone, []); }).not.toThrow();
    expect(() => { checkNewPassword('walrus-', shortestWithFactor, []); }).toThrow(short);
    expect(() => { checkNewPassword('walrus-o', shortestWithFactor, []); }).not.toThrow();
    // One person's character, whatever it takes to encode it.
    expect(() => { checkNewPassword('🦭🦭🦭🦭', shortestWithFactor, []); }).toThrow(short);
  }); // prettier-ignore

  it('that is common is refused by its own name', () => {
    expect(() => { checkNewPassword('Password12345678', shortestAlone, []); }).toThrow(
      expect.objectContaining({ code: 'identity-password-common' }) as Error,
    );
  }); // prettier-ignore
});
