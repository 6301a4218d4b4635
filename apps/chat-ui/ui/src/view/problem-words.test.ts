import { errorFromAnswer, requestError } from '@cordon/clinic-page';
import { expect, it } from 'vitest';
import { asVisitor } from '../service/visitor-service.ts';
import { sayProblem } from './problem-words.ts';

const told = (status: number, code: string, retryAfter: string | null = null): string =>
  sayProblem(errorFromAnswer(status, { code, title: 'GET /v1/ai/models names those.' }, retryAfter, 0));

it('people are told what to do, and never what the server says to developers', () => {
  expect(told(503, 'ai-stopped')).toMatch(/switched off.*a person at the clinic/);
  expect(told(502, 'ai-provider-failed')).toMatch(/does not answer just now/);
  expect(told(429, 'ai-limit-reached', '40000')).toMatch(/for today/);
  expect(told(403, 'ai-consent-missing')).toMatch(/agreed/);
});

it('a visitor, whom nobody signs in, is told that the visit has ended', () => {
  const refused = errorFromAnswer(401, { code: 'session-ended' }, null, 0);
  expect(sayProblem(asVisitor(refused))).toMatch(/^Your visit has ended.*Load the page again/);
  expect(asVisitor(refused).code).not.toBe('session-ended');
});

it('who asks too often is told how long to wait', () => {
  expect(told(429, 'rate-limited', '45')).toBe(
    'That was a lot in a short time. Wait 45 seconds, then try again.',
  );
});

it('what has no words of its own is told in the page’s', () => {
  expect(sayProblem(requestError('unreachable'))).toMatch(/could not be reached/);
});
