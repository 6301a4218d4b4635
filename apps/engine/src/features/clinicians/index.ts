export { listClinicianNames } from './list-names.ts';
export { nameClinician } from './name-clinician.ts';
export { requireClinician } from './require-clinician.ts';
export { registerClinicianRoutes } from './routes.ts';
