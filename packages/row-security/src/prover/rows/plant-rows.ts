import pg from 'pg';
import type { Catalog, Table } from '../catalog/types.ts';
import type { ProverConfig } from '../config.ts';
import { identifier } from '../sql.ts';
import { type Draft, draftRow, type DraftRequest, fixColumns, insertOf } from './draft-row.ts';
import type { LevelMap } from './levels.ts';
import { orderTables } from './order-tables.ts';
import { home, otherTenant, type Scope, scopeName, scopes } from './world.ts';

type Values = ReadonlyMap<string, string | null>;

/** Makes rows of every scope, and drafts of further ones that would fit. */
export class Planter {
  readonly #client: pg.ClientBase;
  readonly #catalog: Catalog;
  readonly #config: ProverConfig;
  readonly #levels: LevelMap;
  readonly #rows = new Map<string, Map<string, Values>>();
  readonly #drafts = new Map<string, Draft>();
  #ordinal = 0;

  constructor(client: pg.ClientBase, catalog: Catalog, config: ProverConfig, levels: LevelMap) {
    this.#client = client;
    this.#catalog = catalog;
    this.#config = config;
    this.#levels = levels;
  }

  /** Fills every table; answers why each that could not be filled stayed empty. */
  async plant(): Promise<Map<string, string>> {
    const failures = new Map<string, string>();
    for (const table of orderTables(this.#catalog.tables))
      try {
        const own = this.#levels.of(table.id).size > 0 ? scopes : [home, otherTenant];
        for (const scope of own) await this.#plantRow(table, scope);
      } catch (error) {
        failures.set(table.id, error instanceof Error ? error.message : String(error));
      }
    return failures;
  }

  async #plantRow(table: Table, scope: Scope): Promise<void> {
    const rows = this.#rows.get(table.id) ?? new Map<string, Values>();
    this.#rows.set(table.id, rows);
    for (let attempt = 0; ; attempt += 1) {
      const request = this.#request(table, scope, `${attempt}`, false);
      const draft = await draftRow(this.#client, request);
      const returning = table.columns.map((column) => `${identifier(column.name)}::text`).join(', ');
      try {
        const inserted = await this.#client.query<(string | null)[]>({
          text: `${insertOf(table, draft)} RETURNING ${returning}`,
          rowMode: 'array',
        });
        const [row] = inserted.rows;
        if (!row) throw new Error('a trigger or rule swallowed the row');
        rows.set(
          scopeName(scope),
          new Map(table.columns.map((column, place) => [column.name, row[place] ?? null])),
        );
        return;
      } catch (error) {
        const shared = this.#sharedRow(table, error, fixColumns(request));
        if (shared) {
          rows.set(scopeName(scope), shared);
          return;
        }
        if (attempt === 3 || !(error instanceof pg.DatabaseError && error.code === '23505')) throw error;
      }
    }
  }

  /** A tenant has one row for all its clinics: then the scopes share it. */
  #sharedRow(table: Table, error: unknown, fixed: Values): Values | undefined {
    if (!(error instanceof pg.DatabaseError) || error.code !== '23505') return undefined;
    const key = table.keys.find((each) => each.name === error.constraint);
    if (!key?.columns.every((name) => fixed.has(name))) return undefined;
    const rows = this.#rows.get(table.id);
    return [...(rows?.values() ?? [])].find((row) =>
      key.columns.every((name) => row.get(name) === fixed.get(name)),
    );
  }

  /** The row of the same scope; of the same tenant, or any, where the parent knows no finer scopes. */
  #parentOf(id: string, scope: Scope): Values | undefined {
    const rows = this.#rows.get(id);
    const near = [...(rows?.keys() ?? [])].find((name) => name.startsWith(`${scope.tenant}`));
    return rows?.get(scopeName(scope)) ?? (near === undefined ? undefined : rows?.get(near));
  }

  #request(table: Table, scope: Scope, salt: string, further: boolean): DraftRequest {
    this.#ordinal += 1;
    const { restriction } = this.#config;
    const restricted = restriction?.table === table.id && scopeName(scope) === '112';
    return {
      table,
      scope,
      mark: {
        name: `t${this.#catalog.tables.indexOf(table)}-${scopeName(scope)}-${salt}`,
        ordinal: this.#ordinal,
      },
      parentOf: (id) => (id === table.id ? undefined : this.#parentOf(id, scope)),
      config: this.#config,
      levels: this.#levels,
      further,
      clear: restricted ? [restriction.column] : [],
    };
  }

  /** The planted row of a scope, as text by column. */
  rowOf(table: string, scope: Scope): Values | undefined {
    return this.#rows.get(table)?.get(scopeName(scope));
  }

  /**
   * A further row of the scope that would fit its table, not inserted. A different `salt` gives different values wherever
   * they are free.
   */
  async draft(table: Table, scope: Scope, salt: string): Promise<Draft> {
    const name = `${table.id} ${scopeName(scope)} ${salt}`;
    const known = this.#drafts.get(name);
    if (known) return new Map(known);
    const root = this.#rootOf(table);
    const draft = await draftRow(this.#client, this.#request(root, scope, salt, true));
    this.#drafts.set(name, draft);
    return new Map(draft);
  }

  #rootOf(table: Table): Table {
    if (table.parent === null) return table;
    const parent = this.#catalog.tables.find((each) => each.id === table.parent);
    return parent ? this.#rootOf(parent) : table;
  }
}
