export { chooseOcrEngine, readOcrSettings, type OcrSettings } from './ocr-settings.ts';
export { registerIntakeRoutes } from './routes.ts';
export { createFormReader, type FormReader } from './reading/index.ts';
