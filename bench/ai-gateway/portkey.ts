import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startMeasured, type MeasuredProcess } from './measured-process.ts';

/** MIT; 95 packages, 25 MB: fetched for one run into a folder of its own, so that no lockfile has them. */
const wanted = '@portkey-ai/gateway@1.15.2';
const startMs = 60_000;

export interface Portkey {
  readonly process: MeasuredProcess<unknown>;
  readonly url: string;
  /** Names the provider, and one check: card numbers out of what is sent, by a regular expression. */
  readonly headers: Record<string, string>;
  end(): Promise<void>;
}

/** The gateway of Portkey from npm, without its install scripts; undefined where the registry does not have it. */
export async function startPortkey(provider: string): Promise<Portkey | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-portkey-'));
  try {
    await promisify(execFile)('npm', [
      'install', '--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', '--prefix', folder, wanted,
    ]); // prettier-ignore
  } catch {
    await rm(folder, { recursive: true });
    return undefined;
  }
  const port = await findFreePort();
  const program = join(folder, 'node_modules', '@portkey-ai', 'gateway', 'build', 'start-server.js');
  const own = await startMeasured(program, [`--port=${port}`, '--headless'], () => waitFor(port));
  const config = {
    provider: 'openai',
    api_key: 'none',
    custom_host: `${provider}/v1`,
    input_guardrails: [{ 'default.regexReplace': { rule: String.raw`(?:\d[ -]?){13,16}`, redactText: '[card]' }, deny: false }],
  }; // prettier-ignore
  return {
    process: own,
    url: `http://127.0.0.1:${port}/v1/chat/completions`,
    headers: { 'x-portkey-config': JSON.stringify(config) },
    async end() {
      await own.end();
      await rm(folder, { recursive: true });
    },
  };
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function waitFor(port: number): Promise<void> {
  const until = Date.now() + startMs;
  for (;;) {
    const answers = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
    if (answers) return;
    if (Date.now() > until) throw new Error('the other gateway did not start');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
