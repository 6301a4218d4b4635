import { createLogger, runService } from '@cordon/service';
import { readWebSettings } from './src/settings.ts';
import { startWeb } from './src/start-web.ts';

const logger = createLogger({ app: 'web', level: process.env['CORDON_LOG_LEVEL'] });
await runService(logger, () => startWeb(readWebSettings(), logger));
