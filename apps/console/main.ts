import { createLogger, runService } from '@cordon/service';
import { readConsoleSettings } from './src/settings.ts';
import { startConsole } from './src/start-console.ts';

const logger = createLogger({ app: 'console', level: process.env['CORDON_LOG_LEVEL'] });
await runService(logger, () => startConsole(readConsoleSettings(), logger));
