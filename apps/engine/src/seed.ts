import { readFileSync } from 'node:fs';
import { createLogger, limitOutgoingTls } from '@cordon/service';
import { listTenants } from './outbox/list-tenants.ts';
import { applySeed } from './seed/apply-seed.ts';
import { seedPlan } from './seed/seed-plan.ts';
import { readEngineSettings } from './settings.ts';
import { openEngine } from './start-engine.ts';

/** The demo's people have passwords that are shown on a screen: they have no place beside anybody else's tenants. */
const refusedCode = 3;

// Run once by itself, with the engine's settings and CORDON_SEED_FILE.
const file = process.env['CORDON_SEED_FILE'];
if (file === undefined)
  throw new Error("CORDON_SEED_FILE is not set: it names the file with the demo's tenants and accounts.");
const settings = readEngineSettings();
if (settings.environment === 'production')
  throw new Error('CORDON_ENV is production: the demo is not for it.');
limitOutgoingTls();
const logger = createLogger({ app: 'engine-seed', level: process.env['CORDON_LOG_LEVEL'] });
const { engine, close } = await openEngine(settings, logger);
try {
  const plan = seedPlan.parse(JSON.parse(readFileSync(file, 'utf8')));
  const planned = new Set(plan.tenants.map(({ id }) => id));
  if ((await listTenants(engine.stores)).every((id) => planned.has(id))) await applySeed(engine, plan);
  else process.exitCode = refusedCode;
} finally {
  await close();
}
