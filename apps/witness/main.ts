import { createLogger, runService } from '@cordon/service';
import { readWitnessSettings } from './src/settings.ts';
import { startWitness } from './src/start-witness.ts';

const logger = createLogger({ app: 'witness', level: process.env['CORDON_LOG_LEVEL'] });
await runService(logger, async () => startWitness(await readWitnessSettings(), logger));
