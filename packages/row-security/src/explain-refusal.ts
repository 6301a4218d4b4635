import pg from 'pg';
import { RowSecurityError } from './error.ts';

/** Whoever cannot connect is told that the store is away, whatever the server's or the network's reason. */
export function refuseAway(cause: unknown): never {
  throw new RowSecurityError('store-unavailable', 'A store does not answer. Try again in a moment.', {
    cause,
  });
}

/** SQLSTATE class 08 and the 57P codes; a connection that broke in the middle has no code at all. */
function isLost(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return /^(08|57P)/.test(error.code ?? '');
  return (
    error instanceof Error &&
    /^Connection terminated|^E[A-Z]+$/.test('code' in error ? String(error.code) : error.message)
  );
}

/** The package's own error for a refused seal and for a lost connection; anything else as it is. */
export function explainRefusal(error: unknown): unknown {
  if (error instanceof pg.DatabaseError && error.code === 'CX001')
    return new RowSecurityError('context-refused', "The database refused the request's context.", {
      cause: error,
    });
  if (isLost(error))
    return new RowSecurityError('store-unavailable', 'A store does not answer. Try again in a moment.', {
      cause: error,
    });
  return error;
}
