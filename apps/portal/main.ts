import { createLogger, runService } from '@cordon/service';
import { readSessionAppSettings, startSessionApp } from '@cordon/web-guard';
import { portalApp } from './src/portal-app.ts';

const logger = createLogger({ app: 'portal', level: process.env['CORDON_LOG_LEVEL'] });
await runService(logger, () => startSessionApp(portalApp, readSessionAppSettings(portalApp), logger));
