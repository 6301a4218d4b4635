import { toProblem } from '@cordon/service';
import type { FastifyReply } from 'fastify';
import { IntakeReadingError } from './reading/index.ts';

/**
 * A refusal that names fields also says what was read in them, scrubbed, to the one who holds the paper: so that a person
 * can correct the reading beside the picture. It is said in this answer and kept nowhere. Everything else is thrown on.
 */
export async function tellRefusal(
  reply: FastifyReply,
  requestId: string,
  error: unknown,
): Promise<FastifyReply> {
  if (!(error instanceof IntakeReadingError) || error.readings().size === 0) throw error;
  const problem = toProblem(error, requestId);
  const readings: ReadonlyMap<string, string> = error.readings();
  const fields = problem.fields?.map((refused) => {
    const read = readings.get(refused.field);
    return read === undefined ? refused : { ...refused, read };
  });
  return reply
    .status(problem.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .send({ ...problem, fields });
}
