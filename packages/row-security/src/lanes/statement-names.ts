import { randomBytes } from 'node:crypto';

/** Each prepared statement holds a plan in the backend's memory. A feature's statements are a few dozen texts. */
const mostNames = 200;

/** Under which names one connection keeps statements prepared. */
export interface StatementNames {
  /** `prepare` where the name is new to the server; an empty name, that of no kept statement, where there are too many. */
  of(text: string): { readonly name: string; readonly prepare: boolean };
  /** For a text whose preparation failed. */
  forget(text: string): void;
}

/**
 * 128 random bits a name: SQL that got into the connection cannot guess one and prepare it anew, which would hand it the next
 * request's rows. The server tells them to nobody (sql/0002_entering_at_less_cost.sql takes pg_prepared_statements away).
 */
export function createStatementNames(): StatementNames {
  const names = new Map<string, string>();
  return {
    of(text) {
      const known = names.get(text);
      if (known !== undefined) return { name: known, prepare: false };
      if (names.size >= mostNames) return { name: '', prepare: true };
      const name = randomBytes(16).toString('hex');
      names.set(text, name);
      return { name, prepare: true };
    },
    forget(text) {
      names.delete(text);
    },
  };
}

/** For connections that several tenants share: every statement is the unnamed one. */
export const unnamed: StatementNames = {
  of: () => ({ name: '', prepare: true }),
  forget: () => undefined,
};
