import { AiGatewayError } from './error.ts';

/** Far above any purpose's size: a request of more values is none that somebody means. */
const MOST_VALUES = 10_000;
const DEEPEST = 60;

/**
 * Counts a request's values before anything looks at each of them: a megabyte of brackets costs seconds to check by its form.
 * @throws {AiGatewayError} `ai-request-invalid`
 */
export function refuseUnbounded(body: unknown): void {
  let values = 1;
  let level: object[] = isHolder(body) ? [body] : [];
  for (let depth = 1; level.length > 0; depth += 1) {
    const next: object[] = [];
    for (const holder of level) {
      const held: readonly unknown[] = Array.isArray(holder) ? holder : Object.values(holder);
      values += held.length;
      if (values > MOST_VALUES) throw new AiGatewayError('ai-request-invalid', 'too many values');
      for (const each of held) if (isHolder(each)) next.push(each);
    }
    if (values > 1 && depth > DEEPEST) throw new AiGatewayError('ai-request-invalid', 'nested too deep');
    level = next;
  }
}

const isHolder = (value: unknown): value is object => typeof value === 'object' && value !== null;
