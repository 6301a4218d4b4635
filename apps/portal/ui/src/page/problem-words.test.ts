import { errorFromAnswer } from '@cordon/clinic-page';
import { expect, it } from 'vitest';
import { sayProblem } from './problem-words.ts';

it('a patient is told of a failure in the portal’s own words, never in the server’s', () => {
  const error = errorFromAnswer(500, { title: 'relation "patients" does not exist' }, null, 0);
  expect(sayProblem(error)).toMatch(/^Something went wrong on our side/);
  expect(sayProblem(new Error('Amelia'))).not.toContain('Amelia');
});
