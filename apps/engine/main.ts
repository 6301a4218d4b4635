import { createLogger, runService } from '@cordon/service';
import { readEngineSettings } from './src/settings.ts';
import { startEngine } from './src/start-engine.ts';

const logger = createLogger({ app: 'engine', level: process.env['CORDON_LOG_LEVEL'] });
await runService(logger, () => startEngine(readEngineSettings(), logger), { mayAskModels: true });
