export { insertPatient, type NewPatient } from './insert-patient.ts';
export { registerPatientRoutes } from './routes.ts';
export { findPatient, findPatientAndPlace } from './queries.ts';
export { forgetEarlierTokens, reindexPatients } from './reindex-patients.ts';
export { patientTable, profileColumns, type PatientRow } from './profile.ts';
export { nhsNumberTokens } from './search-tokens.ts';
