/** One row a clinic and clinician, kept in step with memberships by the store. */
export const clinicianTable = 'clinical.clinicians';
