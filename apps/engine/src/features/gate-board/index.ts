export { registerGateBoardRoutes } from './routes.ts';
export { registerGateReportRoute } from './take-report.ts';
