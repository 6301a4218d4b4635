import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive, waitForEnd } from '@cordon/stores/processes';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFreeBasePort } from '../../../../testing/end-to-end/find-ports.ts';
import type { AppProcess } from './apps.ts';
import { type Child, startChild } from './children.ts';

let folder: string;
let child: Child | undefined;
const never = new AbortController().signal;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-child-'));
});
afterEach(async () => {
  await child?.stop();
  child = undefined;
  await rm(folder, { recursive: true });
});

const server = `
import { createServer } from 'node:http';
createServer((request, response) => response.writeHead(STATUS).end(JSON.stringify(process.env)))
  .listen(Number(process.env['CORDON_PORT']), '127.0.0.1', () => process.send?.('ready'));
process.on('disconnect', () => process.exit(0));
`;

async function describeStub(code: string): Promise<AppProcess> {
  const port = await findFreeBasePort();
  const entry = join(folder, 'main.mjs');
  await writeFile(entry, code);
  return { name: 'engine', entry, port, environment: { CORDON_PORT: String(port), CORDON_WORD: 'own' } };
}

async function start(code: string): Promise<{ app: AppProcess; child: Child }> {
  const app = await describeStub(code);
  child = await startChild(app, folder);
  return { app, child };
}

describe('an app that is started', () => {
  it('is ready when it says so, and has the environment it was given and no more', async () => {
    const { app, child: running } = await start(server.replace('STATUS', '200'));
    await running.ready(never, undefined);
    const environment = (await (await fetch(`http://127.0.0.1:${app.port}/`)).json()) as Record<
      string,
      string
    >;
    expect(environment['CORDON_WORD']).toBe('own');
    expect(
      Object.keys(environment)
        .filter((key) => !key.startsWith('NODE_CHANNEL'))
        .sort(),
    ).toEqual(Object.keys(app.environment).sort());
  });

  it('may leave no image of its memory behind', async () => {
    const { child: running } = await start(server.replace('STATUS', '200'));
    await running.ready(never, undefined);
    const limits = await readFile(`/proc/${running.pid}/limits`, 'utf8');
    expect(limits).toMatch(/^Max core file size\s+0\s+0\s/m);
  });

  it('that ends during the start is reported with what it wrote last', async () => {
    const { child: running } = await start(`console.error('settings are missing'); process.exit(3)`);
    expect(await running.ended).toMatchObject({
      code: 'app-ended',
      publicMessage: 'The app "engine" ended (exit code 3); its log is .cordon/logs/engine.log.',
      detail: 'settings are missing',
    });
  });

  it('is not waited for any longer once the end was asked for', async () => {
    const { child: running } = await start(server.replace('STATUS', '503'));
    const control = new AbortController();
    const waiting = running.ready(control.signal, undefined);
    control.abort(new Error('the end'));
    await expect(waiting).rejects.toThrow('the end');
  });

  it('ends on request', async () => {
    const { child: running } = await start(server.replace('STATUS', '200'));
    await running.ready(never, undefined);
    await running.stop();
    expect(await isAlive(running.pid)).toBe(false);
    await running.stop();
  });

  it('that ignores the request is ended all the same', async () => {
    const { child: running } = await start(
      `process.on('SIGTERM', () => {}); ${server.replace('STATUS', '200')}`,
    );
    await running.ready(never, undefined);
    await running.stop();
    expect(await isAlive(running.pid)).toBe(false);
  });

  it('ends by itself when its launcher is killed', async () => {
    const app = await describeStub(server.replace('STATUS', '200'));
    const launcher = join(folder, 'launcher.ts');
    await writeFile(
      launcher,
      `import { startChild } from ${JSON.stringify(join(import.meta.dirname, 'children.ts'))};
       const child = await startChild(${JSON.stringify(app)}, ${JSON.stringify(folder)});
       await child.ready(new AbortController().signal, undefined);
       console.log(child.pid);`,
    );
    const parent = spawn(process.execPath, ['--conditions=cordon-source', launcher], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(await isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    expect(await waitForEnd(pid, 60_000)).toBe(true);
  });

  it('writes to a log that only its owner reads', async () => {
    const { child: running } = await start(`console.log('hello'); ${server.replace('STATUS', '200')}`);
    await running.ready(never, undefined);
    expect(await readFile(join(folder, 'engine.log'), 'utf8')).toBe('hello\n');
  });
});
