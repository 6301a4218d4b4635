import { randomBytes } from 'node:crypto';
import type { RowShape } from './row-shape.ts';

/** Each prepared statement holds a plan in the backend's memory. A feature's statements are a few dozen texts. */
const mostNames = 200;

export interface NamedStatement {
  /** Empty: of no kept statement. */
  readonly name: string;
  /** As its first answer was described. The server refuses to run it, rather than answer in another shape. */
  shape?: RowShape;
}

/** Under which names one connection keeps statements prepared. */
export interface StatementNames {
  /** `prepare` where the name is new to the server; an empty name, that of no kept statement, where there are too many. */
  of(text: string): { readonly statement: NamedStatement; readonly prepare: boolean };
  /** For a text whose preparation failed. */
  forget(text: string): void;
}

const nameless = { statement: { name: '' }, prepare: true } as const;

/**
 * 128 random bits a name: SQL that got into the connection cannot guess one and prepare it anew, which would hand it the next
 * request's rows. The server tells them to nobody (sql/0002_entering_at_less_cost.sql takes pg_prepared_statements away).
 */
export function createStatementNames(): StatementNames {
  const names = new Map<string, { readonly statement: NamedStatement; readonly prepare: false }>();
  return {
    of(text) {
      const known = names.get(text);
      if (known !== undefined) return known;
      if (names.size >= mostNames) return nameless;
      const statement = { name: randomBytes(16).toString('hex') };
      names.set(text, { statement, prepare: false });
      return { statement, prepare: true };
    },
    forget(text) {
      names.delete(text);
    },
  };
}

/** For connections that several tenants share: every statement is the unnamed one. */
export const unnamed: StatementNames = { of: () => nameless, forget: () => undefined };
