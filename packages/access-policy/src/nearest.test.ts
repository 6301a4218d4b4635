import { describe, expect, it } from 'vitest';
import { findNearest } from './nearest.ts';

describe('findNearest', () => {
  const known = ['clinicalRecord', 'billingRecord', 'role.admin', 'read'];
  it.each([
    ['clinicalRecrod', 'clinicalRecord'],
    ['ClinicalRecords', 'clinicalRecord'],
    ['reed', 'read'],
    ['role.admn', 'role.admin'],
  ])('%s is meant as %s', (text, expected) => {
    expect(findNearest(text, known)).toBe(expected);
  });

  it('says nothing where nothing is near', () => {
    expect(findNearest('somethingElseAltogether', known)).toBeUndefined();
    expect(findNearest('', known)).toBeUndefined();
    expect(findNearest('x'.repeat(100_000), ['x'.repeat(100_000)])).toBeUndefined();
  });
});
