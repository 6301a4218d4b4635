import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSecret } from '@cordon/stores';
import { CliError } from '../error.ts';
import { describeApp, type AppContext, type AppName } from '../up/apps.ts';
import { type DemoFile, demoFileOf } from '../up/demo-file.ts';
import { makeDemoPlan } from './demo-plan.ts';

/** Engine first: identity asks nobody while it seeds, but an account without a membership could not sign in. */
const seeders: readonly AppName[] = ['engine', 'identity'];
/** With which the engine's seeding ends where other tenants are there. */
const refusedCode = 3;
const longestSeedMs = 120_000;

/**
 * Fills an empty installation with the demo's tenants and people. Each app writes its own stores, in a process of its own
 * that has the app's environment and no other. What was done is remembered by the plan's digest. Answers the plan.
 */
export async function seedDemo(
  context: AppContext,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<DemoFile> {
  const file = demoFileOf(context.layout);
  const plan = await readFile(file, 'utf8').catch(() => undefined);
  const text = plan ?? JSON.stringify(makeDemoPlan(), null, 2);
  if (plan === undefined) await writeSecret(file, text);
  const demo = JSON.parse(text) as DemoFile;
  const mark = join(context.layout.state, 'seeded');
  const digest = createHash('sha256').update(text).digest('hex');
  if ((await readFile(mark, 'utf8').catch(() => '')) === digest) return demo;
  say('Seeding the demo: two clinic groups, nine people');
  for (const name of seeders) await runSeeder(name, context, file, signal);
  await writeFile(mark, digest);
  return demo;
}

async function runSeeder(
  name: AppName,
  context: AppContext,
  file: string,
  signal: AbortSignal,
): Promise<void> {
  const { environment } = describeApp(name, context);
  const entry = join(context.layout.root, 'apps', name, 'src', 'seed.ts');
  const child = spawn(process.execPath, ['--conditions=cordon-source', entry], {
    cwd: context.layout.root,
    env: { ...environment, CORDON_SEED_FILE: file },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: longestSeedMs,
    signal,
  });
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    told = (told + chunk).slice(-4_000);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === refusedCode)
    throw new CliError(
      'seed-failed',
      'These stores hold tenants of their own, so the demo is not added. Start with --empty.',
    );
  if (code !== 0)
    throw new CliError(
      'seed-failed',
      `The demo's ${name} data could not be written. Start again with --fresh.`,
      {
        detail: told,
      },
    );
}
