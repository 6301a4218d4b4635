import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '@cordon/stores/processes';
import { checkoutRoot } from '../up/layout.ts';
import { apps } from '../up/apps.ts';

/** A checkout with the real stores and stand-ins for the apps, which tell their environment to whoever asks. */
export interface StubCheckout {
  readonly root: string;
  readonly start: (basePort: number, options?: StubOptions) => StubStart;
  /** Processes that were started and still run. */
  readonly left: () => Promise<number[]>;
  readonly remove: () => Promise<void>;
}

export interface StubOptions {
  readonly fresh?: boolean;
  readonly empty?: boolean;
  /** Added to our own environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface StubStart {
  readonly pid: number;
  /** Settles when the text was printed. Throws when the process ends before. */
  readonly said: (text: string) => Promise<void>;
  readonly output: () => string;
  readonly exit: Promise<number>;
  readonly kill: (signal: NodeJS.Signals) => void;
}

const stubApp = `
import { createServer } from 'node:http';
const port = process.env['CORDON_PORT'];
if (port === undefined) {
  // One that listens to nobody.
  setInterval(() => undefined, 1000);
  process.send?.('ready');
} else
  createServer((request, response) => response.end(request.url === '/health/ready' ? 'ok' : JSON.stringify(process.env)))
    .listen(Number(port), '127.0.0.1', () => process.send?.('ready'));
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
`;

export async function makeStubCheckout(): Promise<StubCheckout> {
  const root = await mkdtemp(join(tmpdir(), 'cordon-checkout-'));
  await chmod(root, 0o711);
  for (const folder of ['database', 'packages', 'config'])
    await symlink(join(checkoutRoot, folder), join(root, folder));
  for (const app of apps) {
    await mkdir(join(root, 'apps', app, 'src'), { recursive: true });
    await writeFile(join(root, 'apps', app, 'main.ts'), stubApp);
    await writeFile(join(root, 'apps', app, 'src', 'seed.ts'), '');
  }
  const script = join(root, 'start.ts');
  const up = (file: string): string => JSON.stringify(join(checkoutRoot, 'apps/cli/src/up', file));
  await writeFile(
    script,
    `import { makeLayout } from ${up('layout.ts')};
     import { runUp } from ${up('run-up.ts')};
     const [basePort, fresh, empty] = process.argv.slice(2);
     const options = { basePort: Number(basePort), fresh: fresh === 'true', tls: false, empty: empty === 'true' };
     process.exitCode = await runUp(makeLayout(${JSON.stringify(root)}, options.basePort), options);`,
  );
  const started = new Set<number>();
  return {
    root,
    start: (basePort, options = {}) =>
      start(
        script,
        [String(basePort), String(options.fresh ?? false), String(options.empty ?? false)],
        options.environment,
      ),
    left: async () => {
      for (const pid of await readPids(root)) started.add(pid);
      const alive: number[] = [];
      for (const pid of started) if (await isAlive(pid)) alive.push(pid);
      return alive;
    },
    remove: () => rm(root, { recursive: true, force: true, maxRetries: 3 }),
  };
}

async function readPids(root: string): Promise<number[]> {
  const known = await readFile(join(root, '.cordon', 'apps.json'), 'utf8').catch(() => '[]');
  const server = await readFile(join(root, '.cordon', 'server', 'data', 'postmaster.pid'), 'utf8').catch(
    () => '',
  );
  const pids = (JSON.parse(known) as { pid: number }[]).map(({ pid }) => pid);
  return [...pids, Number(server.split('\n', 1)[0])].filter((pid) => pid > 0);
}

function start(
  script: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): StubStart {
  const child = spawn(process.execPath, ['--conditions=cordon-source', script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let output = '';
  const listeners = new Set<() => void>();
  const listen = (chunk: Buffer): void => {
    output += chunk.toString('utf8');
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const exit = new Promise<number>((resolve) => {
    child.once('close', (code, signal) => {
      resolve(code ?? (signal === 'SIGKILL' ? 137 : 1));
    });
  });
  return {
    pid: child.pid ?? 0,
    output: () => output,
    exit,
    kill: (signal) => child.kill(signal),
    said: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (output.includes(text)) resolve();
        };
        listeners.add(look);
        look();
        void exit.then(() => {
          reject(new Error(`it ended without saying "${text}":\n${output}`));
        });
      }),
  };
}
