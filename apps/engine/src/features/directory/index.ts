export { registerDirectoryRoutes } from './routes.ts';
