export { registerClinicSettingsRoutes } from './routes.ts';
