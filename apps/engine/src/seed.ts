import { readFileSync } from 'node:fs';
import { createLogger, limitOutgoingTls } from '@cordon/service';
import { applySeed } from './seed/apply-seed.ts';
import { seedPlan } from './seed/seed-plan.ts';
import { readEngineSettings } from './settings.ts';
import { openEngine } from './start-engine.ts';

// Run once by itself, with the engine's settings and CORDON_SEED_FILE.
const file = process.env['CORDON_SEED_FILE'];
if (file === undefined)
  throw new Error("CORDON_SEED_FILE is not set: it names the file with the demo's tenants and accounts.");
limitOutgoingTls();
const logger = createLogger({ app: 'engine-seed', level: process.env['CORDON_LOG_LEVEL'] });
const { engine, close } = await openEngine(readEngineSettings(), logger);
try {
  await applySeed(engine, seedPlan.parse(JSON.parse(readFileSync(file, 'utf8'))));
} finally {
  await close();
}
