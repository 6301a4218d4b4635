import { describe, expect, it } from 'vitest';
import { canRetry, errorFromAnswer, readRetryAfter, requestError, toRequestError } from './request-error.ts';

const NOW = Date.parse('2026-05-03T12:00:00Z');
const answer = (status: number, body: unknown, retryAfter: string | null = null) =>
  errorFromAnswer(status, body, retryAfter, NOW);

describe('a problem document', () => {
  it('is told in the words of the engine, with its fields', () => {
    const error = answer(422, {
      title: 'Some fields are missing.',
      requestId: 'req-1',
      fields: [{ field: 'fullName', reason: 'missing' }, { field: 'phone' }, 'x'],
    });
    expect(error).toMatchObject({
      code: 'rejected',
      publicMessage: 'Some fields are missing.',
      requestId: 'req-1',
      fields: [{ field: 'fullName', reason: 'missing' }],
    });
  });

  it.each([
    [401, 'session-ended'],
    [403, 'refused'],
    [404, 'not-found'],
    [429, 'busy'],
    [503, 'busy'],
    [400, 'rejected'],
    [413, 'rejected'],
    [415, 'rejected'],
    [500, 'failed'],
    [502, 'failed'],
    [302, 'failed'],
  ])('of status %i is %s', (status, code) => {
    expect(answer(status, undefined).code).toBe(code);
  });

  it.each([undefined, null, 'text', { title: 7 }, { title: '' }, { title: 'x'.repeat(301) }])(
    'that is %j is replaced by words of the page',
    (body) => {
      expect(answer(500, body).publicMessage).toBe('Something went wrong on the server. Try again.');
    },
  );

  it('of thousands of fields is cut', () => {
    const fields = Array.from({ length: 5000 }, () => ({ field: 'a', reason: 'b' }));
    expect(answer(422, { fields }).fields).toHaveLength(50);
  });
});

it('a problem says by its code that the session is locked, or that a fresh factor is asked for', () => {
  expect(answer(403, { code: 'session-locked' }).code).toBe('locked');
  expect(answer(403, { code: 'fresh-factor-required' })).toMatchObject({
    code: 'confirm',
    problem: 'fresh-factor-required',
  });
  expect(answer(500, { code: 'session-locked' }).code).toBe('failed');
});

describe('Retry-After', () => {
  it.each([
    ['20', 20],
    ['0', 1],
    ['999999', 600],
    ['Sun, 03 May 2026 12:00:30 GMT', 30],
    ['soon', undefined],
    [null, undefined],
  ])('%j is %j seconds', (header, seconds) => {
    expect(readRetryAfter(header, NOW)).toBe(seconds);
  });
});

it('only what may pass is tried again, and an unknown fault is told without its own text', () => {
  expect(canRetry(requestError('unreachable'))).toBe(true);
  expect(canRetry(requestError('refused'))).toBe(false);
  expect(canRetry(requestError('not-found'))).toBe(false);
  const fault = toRequestError(new Error('Amelia Okafor'));
  expect([fault.code, fault.publicMessage.includes('Amelia')]).toEqual(['failed', false]);
});
