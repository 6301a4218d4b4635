import { createLogger, runService } from '@cordon/service';
import { readPortalSettings } from './src/settings.ts';
import { startPortal } from './src/start-portal.ts';

const logger = createLogger({ app: 'portal', level: process.env['CORDON_LOG_LEVEL'] });
await runService(logger, () => startPortal(readPortalSettings(), logger));
