import { describe, expect, it } from 'vitest';
import { createPostgresSessionStore } from './postgres-session-store.ts';

describe('the session store', () => {
  it.each(['', 'a.b', 'a"; DROP', 'Ä', 'A'])('takes no schema named %j', (schema) => {
    const pool = { query: () => Promise.resolve({ rows: [], rowCount: 0 }) };
    expect(() => createPostgresSessionStore({ pool, schema })).toThrow(
      expect.objectContaining({ code: 'guard-option-invalid' }),
    );
  });
});
