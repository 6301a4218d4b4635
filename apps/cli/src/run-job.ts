import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { CliError, type CliErrorCode } from './error.ts';
import { readEnvironmentFile, type WorkedApp } from './up/environment-files.ts';
import { checkoutRoot, makeLayout } from './up/layout.ts';

const jobs = {
  'keys-job': { app: 'engine', refused: 'keys-refused', about: 'keys' },
  'ai-job': { app: 'engine', refused: 'ai-switch-refused', about: 'the assistant' },
  'holds-job': { app: 'engine', refused: 'audit-hold-refused', about: 'legal holds' },
  'tenants-job': { app: 'engine', refused: 'tenant-refused', about: 'the tenant' },
  'invitations-job': { app: 'identity', refused: 'tenant-refused', about: 'the invitation' },
} as const satisfies Record<string, { app: WorkedApp; refused: CliErrorCode; about: string }>;

/**
 * Runs work in a process of its own that holds the credentials of the engine or of identity, as nothing else here does: those
 * of the installation in this checkout, or, where CORDON_ENV is set, those of this environment.
 * @throws CliError with the process's own sentence; `not-running` where nothing was ever started.
 */
export async function runJob(job: keyof typeof jobs, request: object): Promise<Record<string, unknown>> {
  const { app, refused } = jobs[job];
  const own = process.env['CORDON_ENV'] === undefined ? undefined : process.env;
  const environment = own ?? (await readEnvironmentFile(makeLayout(checkoutRoot, 0), app));
  if (environment === undefined)
    throw new CliError(
      'not-running',
      'Cordon was never started in this checkout: run npm start in another terminal first.',
    );
  const entry = join(checkoutRoot, 'apps', app, 'src', `${job}.ts`);
  const child = spawn(process.execPath, ['--conditions=cordon-source', entry], {
    cwd: checkoutRoot,
    env: environment,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let answer = '';
  let told = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (told = (told + chunk).slice(-4_000)));
  // One that ends before it has read says why on its way out.
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(request));
  await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const read = parseAnswer(jobs[job], answer, told);
  const { error } = read as { error?: { sentence: string } };
  if (error !== undefined) throw new CliError(refused, error.sentence);
  return read;
}

function parseAnswer(
  { refused, about }: (typeof jobs)[keyof typeof jobs],
  answer: string,
  told: string,
): Record<string, unknown> {
  try {
    return JSON.parse(answer) as Record<string, unknown>;
  } catch (cause) {
    throw new CliError(
      refused,
      `The work about ${about} ended without an answer. Run it again: it is taken up.`,
      { detail: told, cause },
    );
  }
}
