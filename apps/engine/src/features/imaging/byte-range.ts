import { EngineError } from '../../error.ts';
import type { ContentRange } from '../../objects/index.ts';

/**
 * The part that a `Range` header asks for (RFC 9110, 14.1.2), or undefined for the whole: a server may ignore what it does not
 * take, such as several parts at once.
 * @throws EngineError `range-unsatisfiable` where the content has no such byte.
 */
export function readByteRange(header: string | undefined, size: number): ContentRange | undefined {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  if (from === '') {
    const wanted = Math.min(Number(to), size);
    if (wanted === 0) throw new EngineError('range-unsatisfiable');
    return { first: size - wanted, last: size - 1 };
  }
  const first = Number(from);
  if (first >= size) throw new EngineError('range-unsatisfiable');
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1);
  return last < first ? undefined : { first, last };
}
