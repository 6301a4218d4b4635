import { text } from 'node:stream/consumers';
import { createLogger, isPublicError, limitOutgoingTls } from '@cordon/service';
import type { z } from 'zod';
import { EngineError, type EngineErrorCode } from './error.ts';
import type { KeyWork } from './keys/key-work.ts';
import { readEngineSettings } from './settings.ts';
import { openEngine } from './start-engine.ts';

/**
 * One piece of an operator's work in a process of its own, with the engine's settings. The request is JSON on the standard
 * input, where no list of processes shows it; the answer is one line of JSON.
 * @param failed what is told when something else than a refusal went wrong
 */
export async function runOnce<Request extends z.ZodType>(
  job: { readonly app: string; readonly request: Request; readonly failed: EngineErrorCode },
  work: (keyWork: KeyWork, asked: z.output<Request>) => Promise<unknown>,
): Promise<void> {
  const logger = createLogger({ app: job.app, level: 'warn', destination: process.stderr });
  try {
    limitOutgoingTls();
    const asked = job.request.parse(JSON.parse(await text(process.stdin)));
    const { keyWork, close } = await openEngine(readEngineSettings(), logger);
    try {
      process.stdout.write(`${JSON.stringify(await work(keyWork, asked))}\n`);
    } finally {
      await close();
    }
  } catch (error) {
    const told = isPublicError(error) ? error : new EngineError(job.failed, { cause: error });
    process.stdout.write(`${JSON.stringify({ error: { code: told.code, sentence: told.publicMessage } })}\n`);
    logger.error('the work was not done', { err: error });
    process.exitCode = 1;
  }
}
