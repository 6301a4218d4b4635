import { createLogger, runService } from '@cordon/service';
import { readSessionAppSettings, startSessionApp } from '@cordon/web-guard';
import { consoleApp } from './src/console-app.ts';

const logger = createLogger({ app: 'console', level: process.env['CORDON_LOG_LEVEL'] });
await runService(logger, () => startSessionApp(consoleApp, readSessionAppSettings(consoleApp), logger));
