import pg from 'pg';

/** The columns of an answer, and how the text of each becomes a value. */
export interface RowShape {
  readonly fields: pg.FieldDef[];
  readonly read: (cells: readonly (string | null)[]) => Record<string, unknown>;
}

/** Its types know the numbers of PostgreSQL's own types alone. */
const parserOf = pg.types.getTypeParser as (typeId: number, format: 'text') => (text: string) => unknown;

/** @param fields as the server describes them; all of them come as text */
export function readShape(fields: pg.FieldDef[]): RowShape {
  const columns = fields.map(({ name, dataTypeID }) => ({ name, parse: parserOf(dataTypeID, 'text') }));
  const empty = Object.fromEntries(columns.map(({ name }) => [name, null]));
  return {
    fields,
    read: (cells) => {
      const row: Record<string, unknown> = { ...empty };
      let at = 0;
      for (const { name, parse } of columns) {
        const cell = cells[at] ?? null;
        at += 1;
        if (cell !== null) row[name] = parse(cell);
      }
      return row;
    },
  };
}
