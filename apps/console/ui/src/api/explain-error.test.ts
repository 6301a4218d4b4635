import { errorFromAnswer, requestError } from '@cordon/clinic-page';
import { describe, expect, it } from 'vitest';
import { explainError } from './explain-error.ts';

const answer = (status: number, body: unknown, retryAfter: string | null = null) =>
  errorFromAnswer(status, body, retryAfter, 0);

describe('explaining', () => {
  it('says how long a busy server asks to wait', () => {
    expect(explainError(answer(503, { title: 'Busy.' }, '20'))).toMatchObject({
      title: 'Busy right now',
      body: 'Busy. It asks for 20 seconds.',
      canRetry: true,
    });
  });

  it('offers no second try for a refusal', () => {
    expect(explainError(answer(403, {}))).toMatchObject({
      title: 'Not allowed for your role',
      canRetry: false,
    });
  });

  it('never repeats the text of an unknown fault', () => {
    const said = explainError(new Error('Amelia Okafor, 10 January 1960'));
    expect(JSON.stringify(said)).not.toContain('Amelia');
    expect(said.title).toBe('Something went wrong');
  });

  it('tells a lost connection from a failure', () => {
    expect(explainError(requestError('unreachable')).title).toBe('No connection');
  });
});
