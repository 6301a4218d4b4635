import { readFile } from 'node:fs/promises';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from '../error.ts';
import type { AppProcess } from './apps.ts';

const readyMilliseconds = 60_000;
const pollMilliseconds = 100;

/**
 * Waits until the app listens and `GET /health/ready` answers 200; one without a port only has to say so. Throws `app-not-ready` after a minute, and
 * at once when `signal` is aborted.
 */
export async function waitForReady(
  app: AppProcess,
  listening: Promise<unknown>,
  signal: AbortSignal,
  authorityFile: string | undefined,
): Promise<void> {
  const authority = authorityFile === undefined ? undefined : await readFile(authorityFile);
  const end = Date.now() + readyMilliseconds;
  // An app that never says so is asked after all, at the very end.
  await Promise.race([listening, sleep(readyMilliseconds, undefined, { signal, ref: false })]);
  if (app.port === undefined) return;
  for (;;) {
    signal.throwIfAborted();
    const answer = await ask(app.port, authority);
    if (answer === '200') return;
    if (Date.now() > end)
      throw new CliError(
        'app-not-ready',
        `The app "${app.name}" was not ready within ${readyMilliseconds / 1000} s (${answer}); its log is .cordon/logs/${app.name}.log.`,
      );
    await sleep(pollMilliseconds);
  }
}

/** The status of one attempt, or why there was none. */
function ask(port: number, authority: Buffer | undefined): Promise<string> {
  return new Promise((resolve) => {
    const options = {
      host: '127.0.0.1',
      port,
      path: '/health/ready',
      headers: { host: `localhost:${port}`, connection: 'close' },
      timeout: 5000,
    };
    const request = authority
      ? requestHttps({ ...options, ca: authority, servername: 'localhost' })
      : requestHttp(options);
    request.once('response', (response) => {
      response.resume();
      resolve(String(response.statusCode));
    });
    request.once('timeout', () => request.destroy());
    request.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? 'no answer');
    });
    request.end();
  });
}
