import type { CordonServer } from './server.ts';

/** Resolves when the dependency answers; throws when it does not. */
export interface ReadinessCheck {
  readonly name: string;
  run(): Promise<unknown>;
}

const checkTimeoutMs = 3_000;

async function runCheck(check: ReadinessCheck): Promise<[string, 'ok' | 'failed']> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error('timed out'));
    }, checkTimeoutMs);
  });
  try {
    await Promise.race([check.run(), timeout]);
    return [check.name, 'ok'];
  } catch {
    return [check.name, 'failed'];
  } finally {
    clearTimeout(timer);
  }
}

/**
 * `/health/live` says that the process turns its event loop; `/health/ready` asks each dependency now and answers 503
 * when one does not. Neither tells more than names and states.
 */
export function registerHealth(server: CordonServer, checks: readonly ReadinessCheck[]): void {
  server.get('/health/live', () => ({ status: 'ok' }));
  server.get('/health/ready', async (_request, reply) => {
    const results = await Promise.all(checks.map(runCheck));
    const ready = results.every(([, state]) => state === 'ok');
    return reply
      .status(ready ? 200 : 503)
      .send({ status: ready ? 'ok' : 'failed', checks: Object.fromEntries(results) });
  });
}

/** For a check of another server: it answers at `url`, now, and well. */
export async function checkAnswers(url: string): Promise<void> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(2_500), redirect: 'error' });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error('not ready');
}
