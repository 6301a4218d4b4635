import { createLogger, runService } from '@cordon/service';
import { readIdentitySettings } from './src/settings.ts';
import { startIdentity } from './src/start.ts';

const logger = createLogger({ app: 'identity', level: process.env['CORDON_LOG_LEVEL'] });
await runService(logger, () => startIdentity(readIdentitySettings(), { logger }));
