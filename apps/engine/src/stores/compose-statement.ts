/** A piece of a statement and the values for its question marks, in their order; false where this request has no use for it. */
export type StatementPiece = readonly [sql: string, ...values: unknown[]] | false;

/**
 * Puts a statement together from the pieces that a request needs. One text for all of them ("$2 IS NULL OR clinic_id = $2") would
 * be planned once for every request on a connection that keeps its plans, without the index that any of them asks for: 95 ms
 * in place of 0.3 for a page of a clinic's patients among a million.
 */
export function composeStatement(pieces: readonly StatementPiece[]): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const texts = pieces.flatMap((piece) => {
    if (piece === false) return [];
    const [sql, ...given] = piece;
    const parts = sql.split('?');
    if (parts.length !== given.length + 1)
      throw new TypeError(`a piece has ${parts.length - 1} places for ${given.length} values`);
    const numbered = parts.map((part, index) => {
      if (index === 0) return part;
      values.push(given[index - 1]);
      return `$${values.length}${part}`;
    });
    return [numbered.join('')];
  });
  return { text: texts.join(' '), values };
}
