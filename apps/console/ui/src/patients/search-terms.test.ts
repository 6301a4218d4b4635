import { expect, it } from 'vitest';
import { EMPTY_SEARCH, toSearch } from './search-terms.ts';

it.each([
  ['0113 496 0000', { phone: '0113 496 0000' }],
  ['+44 113 496 0000', { phone: '+44 113 496 0000' }],
  ['943 476 5919', { nhsNumber: '9434765919' }],
  ['amira@example.org', { email: 'amira@example.org' }],
])('%j is sought as %j', (contact, search) => {
  expect(toSearch({ ...EMPTY_SEARCH, contact })).toEqual(search);
});

it('name and date of birth are sought together, and nothing is sought for nothing', () => {
  expect(toSearch({ ...EMPTY_SEARCH, name: ' Smi ', dateOfBirth: '1960-01-10' })).toEqual({
    name: 'Smi',
    dateOfBirth: '1960-01-10',
  });
  expect(toSearch({ ...EMPTY_SEARCH, name: '  ' })).toBeNull();
});
