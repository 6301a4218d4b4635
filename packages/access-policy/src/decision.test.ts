import { describe, expect, it } from 'vitest';
import { selectFields, type Decision, type Permit } from './decision.ts';

const permit: Permit = { decision: 'permit', reason: 'granted', rule: 'r', disclosure: 'plaintext' };

describe('selectFields', () => {
  it('shows nothing on a denial', () => {
    const denial: Decision = { decision: 'deny', reason: 'no-grant', rule: 'default' };
    expect(selectFields(denial, { phone: '1' })).toEqual({});
  });

  it('shows the listed fields and no others', () => {
    expect(selectFields({ ...permit, fields: ['phone', 'absent'] }, { phone: '1', nhsNumber: '2' })).toEqual({
      phone: '1',
    });
    expect(selectFields({ ...permit, fields: [] }, { phone: '1' })).toEqual({});
  });

  it('shows everything where no fields are listed, as a copy', () => {
    const whole = { phone: '1' };
    const shown = selectFields(permit, whole);
    expect(shown).toEqual(whole);
    expect(shown).not.toBe(whole);
  });
});
