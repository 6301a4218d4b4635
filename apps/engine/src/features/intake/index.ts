export { registerIntakeRoutes } from './routes.ts';
export { createFormReader, type FormReader } from './reading/index.ts';
