import { AiGatewayError } from './error.ts';

/** Far above any purpose's size: a request of more values is none that somebody means. */
const MOST_VALUES = 10_000;
const DEEPEST = 60;

/**
 * Counts a request's values before anything looks at each of them: a megabyte of brackets costs seconds to check by its form.
 * @throws {AiGatewayError} `ai-request-invalid`
 */
export function refuseUnbounded(body: unknown): void {
  let values = 0;
  let level: unknown[] = [body];
  for (let depth = 0; level.length > 0; depth += 1) {
    values += level.length;
    if (values > MOST_VALUES) throw new AiGatewayError('ai-request-invalid', 'too many values');
    if (depth > DEEPEST) throw new AiGatewayError('ai-request-invalid', 'nested too deep');
    level = level.flatMap((each) =>
      typeof each === 'object' && each !== null ? (Object.values(each) as unknown[]) : [],
    );
  }
}
