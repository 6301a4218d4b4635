import { expect, it } from 'vitest';
import { composeStatement } from './compose-statement.ts';

it('numbers the values of the pieces that are there, and leaves the others out', () => {
  expect(
    composeStatement([
      ['SELECT id FROM t WHERE tenant_id = ?', 'a'],
      false,
      ['AND (at, id) < (?, ?::uuid)', 'b', null],
      ['ORDER BY id LIMIT ?', 3],
    ]),
  ).toEqual({
    text: 'SELECT id FROM t WHERE tenant_id = $1 AND (at, id) < ($2, $3::uuid) ORDER BY id LIMIT $4',
    values: ['a', 'b', null, 3],
  });
});

it('refuses a piece whose places and values are not as many', () => {
  expect(() => composeStatement([['WHERE id = ?']])).toThrow(TypeError);
  expect(() => composeStatement([['ORDER BY id', 1]])).toThrow(TypeError);
});
