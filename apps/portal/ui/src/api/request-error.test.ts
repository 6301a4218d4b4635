import { describe, expect, it } from 'vitest';
import { canRetry, errorFromAnswer, toRequestError } from './request-error.ts';

describe('what a patient is told of a failure', () => {
  it.each([
    [401, 'session-ended'],
    [403, 'refused'],
    [404, 'not-found'],
    [429, 'busy'],
    [503, 'busy'],
    [400, 'failed'],
    [500, 'failed'],
  ])('status %i is %s', (status, code) => {
    expect(errorFromAnswer(status, undefined).code).toBe(code);
  });

  it('is in the portal’s own words, with the request id to quote', () => {
    const error = errorFromAnswer(500, { title: 'relation "patients" does not exist', requestId: 'req-1' });
    expect(error.publicMessage).not.toContain('patients');
    expect(error.requestId).toBe('req-1');
    expect(errorFromAnswer(500, { requestId: 7 }).requestId).toBeUndefined();
  });

  it('never repeats the text of an unknown fault', () => {
    expect(toRequestError(new Error('Amelia')).publicMessage).not.toContain('Amelia');
  });

  it('offers a second try only where one can help', () => {
    expect(canRetry('unreachable')).toBe(true);
    expect(canRetry('refused')).toBe(false);
    expect(canRetry('not-found')).toBe(false);
  });
});
