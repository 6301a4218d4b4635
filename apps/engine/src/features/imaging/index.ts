export { makeThumbnail } from './make-thumbnail.ts';
export { registerImagingRoutes } from './routes.ts';
