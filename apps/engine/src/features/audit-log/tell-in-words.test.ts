import { describe, expect, it } from 'vitest';
import { tellInWords } from './tell-in-words.ts';

const row = {
  actor_role: 'role.corporateAdmin',
  action: 'patient.listed',
  data_class_ids: ['patientProfile'],
  decision: 'permit',
  reason_code: 'granted',
  outcome: 'none',
};

describe('an entry in the patient’s words', () => {
  it('says who saw what', () => {
    expect(tellInWords(row)).toBe(
      'An administrator of the clinic group saw, in a list, your contact details.',
    );
  });

  it('does not say that somebody saw what stayed encrypted', () => {
    expect(tellInWords({ ...row, reason_code: 'granted-ciphertext-only' })).toBe(
      'An administrator of the clinic group saw that there is a record of you, and could not read your contact details.',
    );
  });

  it('says that somebody was refused', () => {
    expect(tellInWords({ ...row, decision: 'deny', reason_code: 'no-grant' })).toBe(
      'An administrator of the clinic group tried to open your contact details and was refused.',
    );
  });
});
