import { createLogger, runService } from '@cordon/service';
import { readSequencerSettings } from './src/settings.ts';
import { startSequencer } from './src/start-sequencer.ts';

const logger = createLogger({ app: 'sequencer', level: process.env['CORDON_LOG_LEVEL'] });
await runService(logger, () => Promise.resolve(startSequencer(readSequencerSettings(), logger)));
