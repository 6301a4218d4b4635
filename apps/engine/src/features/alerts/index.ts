export { registerAlertRoutes } from './routes.ts';
