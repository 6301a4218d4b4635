import { EngineError } from '../error.ts';

/** A strong entity tag (RFC 9110, 8.8.3). It names the row as well, so that one row's tag fits no other. */
export const entityTag = (id: string, version: number): string => `"${id}.${version}"`;

const strongTag = /^"([0-9a-f-]{36})\.([1-9]\d{0,8})"$/;

/**
 * The version that a change was made from. One strong tag alone: `*` and lists would change what nobody has read.
 * @throws EngineError `precondition-missing`; `record-changed` for the tag of another row, or of nothing.
 */
export function readIfMatch(header: string | undefined, id: string): number {
  if (header === undefined || header.trim() === '*') throw new EngineError('precondition-missing');
  const [, tagged, version] = strongTag.exec(header.trim()) ?? [];
  if (tagged !== id || version === undefined) throw new EngineError('record-changed');
  return Number(version);
}
