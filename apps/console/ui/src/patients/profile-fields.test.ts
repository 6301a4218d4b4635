import { describe, expect, it } from 'vitest';
import { sayMissing } from './profile-fields.ts';

describe('an empty field of a profile', () => {
  it('is said to be kept from a role that is not shown it, not to be absent', () => {
    expect(sayMissing('role.receptionist', 'nhsNumber')).toBe('Not shown to your role');
  });

  it('is said not to be given to a role that would be shown it', () => {
    expect(sayMissing('role.receptionist', 'phone')).toBe('Not given');
    expect(sayMissing('role.clinician', 'nhsNumber')).toBe('Not given');
  });
});
