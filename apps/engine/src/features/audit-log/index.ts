export { registerAuditLogRoutes } from './routes.ts';
