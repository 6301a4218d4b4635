export { findRecordedHolds, liftHold, listHolds, placeHold } from './holds.ts';
export { registerAuditLogRoutes } from './routes.ts';
