import pg from 'pg';
import { vi } from 'vitest';
import { EnteredQuery } from '../../packages/row-security/src/lanes/entered-query.ts';

/** Statements that this process sends in sealed contexts, each with the account that it was sent for; jobs have none. */
export interface StatementWatch {
  /** What was sent for the account since the last call, in order. */
  take(accountId: string): string[];
  end(): void;
}

const subjectOf = (payload: string): string => payload.split(' ')[2] ?? '';

export function watchStatements(): StatementWatch {
  let seen: { subject: string; text: string }[] = [];
  /** Whose context a connection's transaction is in. */
  const within = new WeakMap<object, string>();

  const run = EnteredQuery.run.bind(EnteredQuery);
  const ofOne = vi.spyOn(EnteredQuery, 'run').mockImplementation((client, names, seal, text, values) => {
    seen.push({ subject: subjectOf(seal.payload), text });
    return run(client, names, seal, text, values);
  });
  const query = Reflect.get(pg.Client.prototype, 'query') as (
    this: pg.Client,
    ...given: unknown[]
  ) => unknown;
  const ofSeveral = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...given: unknown[]
  ) {
    const [text, values] = given;
    if (typeof text === 'string') {
      if (text.includes('cordon.enter(') && Array.isArray(values))
        within.set(this, subjectOf(String(values[0])));
      else if (text !== 'BEGIN') seen.push({ subject: within.get(this) ?? '', text });
    }
    return query.apply(this, given);
  });
  return {
    take(accountId) {
      const subject = accountId.replaceAll('-', '');
      const taken = seen.filter((each) => each.subject === subject).map(({ text }) => text);
      seen = [];
      return taken;
    },
    end() {
      ofOne.mockRestore();
      ofSeveral.mockRestore();
    },
  };
}
