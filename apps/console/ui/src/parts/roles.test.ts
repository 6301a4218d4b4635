import { describe, expect, it } from 'vitest';
import { mayRaiseAlerts, nameOfRole, sectionsOf, seesPatientNames } from './roles.ts';

describe('roles', () => {
  it.each([
    ['role.receptionist', ['intake', 'today', 'patients', 'alerts', 'enquiries']],
    ['role.clinician', ['patients', 'today', 'alerts', 'intake', 'emergency']],
    ['role.admin', ['audit', 'reviews', 'controls', 'settings']],
    ['role.auditor', ['audit', 'controls']],
    ['role.corporateAdmin', ['clinics', 'patients', 'alerts']],
    ['role.externalContractor', []],
    ['role.patient', []],
    ['role.invented', []],
  ])('%s is offered %j', (role, sections) => {
    expect(sectionsOf(role)).toEqual(sections);
  });

  it('only staff of a clinic raise alerts', () => {
    expect(['role.receptionist', 'role.clinician'].every(mayRaiseAlerts)).toBe(true);
    expect(['role.admin', 'role.auditor', 'role.corporateAdmin'].some(mayRaiseAlerts)).toBe(false);
  });

  it('a corporate administrator is shown no names', () => {
    expect(seesPatientNames('role.corporateAdmin')).toBe(false);
    expect(seesPatientNames('role.clinician')).toBe(true);
  });

  it('have names for people, also when they are not known here', () => {
    expect(nameOfRole('role.corporateAdmin')).toBe('Corporate administrator');
    expect(nameOfRole('role.nightShift')).toBe('Night shift');
    expect(nameOfRole('')).toBe('Unknown role');
  });
});
