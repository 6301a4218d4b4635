import { EngineError } from '../error.ts';

/** What the store refuses, in the caller's words (SQLSTATE; PostgreSQL, appendix A). Everything else stays what it was. */
export function tellRefusal(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || error instanceof EngineError) return error;
  switch (error.code) {
    case '23P01': // exclusion_violation
      return new EngineError('appointment-taken', { cause: error });
    case '23505': // unique_violation: somebody appended to the same entry first
      return new EngineError('record-changed', { cause: error });
    case '23503': // foreign_key_violation: the patient is not there, or of another clinic
      return new EngineError('record-unknown', { cause: error });
    case '23514': // check_violation
      return new EngineError('record-invalid', { cause: error });
    case '42501': // insufficient_privilege: row security refused what the policy permitted, so a membership ended since
      return new EngineError('access-denied', { detail: 'refused by row security', cause: error });
    default:
      return error;
  }
}
