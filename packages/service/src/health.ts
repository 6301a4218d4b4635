import type { CordonServer } from './server.ts';

/** Resolves when the dependency answers; throws when it does not. */
export interface ReadinessCheck {
  readonly name: string;
  run(): Promise<unknown>;
}

/** Something that is told beside the checks and decides nothing: `unknown` where it cannot be found out. */
export interface ReadinessFact {
  readonly name: string;
  tell(): Promise<string>;
}

const checkTimeoutMs = 3_000;

async function within<Result>(work: Promise<Result>, otherwise: Result): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error('timed out'));
    }, checkTimeoutMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } catch {
    return otherwise;
  } finally {
    clearTimeout(timer);
  }
}

async function runCheck(check: ReadinessCheck): Promise<[string, 'ok' | 'failed']> {
  return [
    check.name,
    await within<'ok' | 'failed'>(
      check.run().then(() => 'ok'),
      'failed',
    ),
  ];
}

const tellFact = async (fact: ReadinessFact): Promise<[string, string]> => [
  fact.name,
  await within(fact.tell(), 'unknown'),
];

/**
 * `/health/live` says that the process turns its event loop; `/health/ready` asks each dependency now and answers 503
 * when one does not. Neither tells more than names and states.
 */
export function registerHealth(
  server: CordonServer,
  checks: readonly ReadinessCheck[],
  facts: readonly ReadinessFact[] = [],
): void {
  server.get('/health/live', () => ({ status: 'ok' }));
  server.get('/health/ready', async (_request, reply) => {
    const [results, told] = await Promise.all([
      Promise.all(checks.map(runCheck)),
      Promise.all(facts.map(tellFact)),
    ]);
    const ready = results.every(([, state]) => state === 'ok');
    return reply.status(ready ? 200 : 503).send({
      status: ready ? 'ok' : 'failed',
      checks: Object.fromEntries(results),
      ...(told.length > 0 && { facts: Object.fromEntries(told) }),
    });
  });
}

/** For a check of another server: it answers at `url`, now, and well. */
export async function checkAnswers(url: string): Promise<void> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(2_500), redirect: 'error' });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error('not ready');
}
