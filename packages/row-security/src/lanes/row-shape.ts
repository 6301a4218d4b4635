import pg from 'pg';

/** The columns of an answer, and how the text of each becomes a value. */
export interface RowShape {
  readonly fields: pg.FieldDef[];
  readonly read: (cells: readonly (string | null)[]) => Record<string, unknown>;
}

/** Its types know the numbers of PostgreSQL's own types alone. */
const parserOf = pg.types.getTypeParser as (typeId: number, format: 'text') => (text: string) => unknown;

/** @param fields as the server describes them; pg asks for all of them as text */
export function readShape(fields: pg.FieldDef[]): RowShape {
  const columns = fields.map(({ name, dataTypeID }) => ({
    name,
    parse: parserOf(dataTypeID, 'text'),
  }));
  const empty = Object.fromEntries(columns.map(({ name }) => [name, null]));
  return {
    fields,
    read: (cells) => {
      const row: Record<string, unknown> = { ...empty };
      for (const [index, { name, parse }] of columns.entries()) {
        const cell = cells[index] ?? null;
        if (cell !== null) row[name] = parse(cell);
      }
      return row;
    },
  };
}
