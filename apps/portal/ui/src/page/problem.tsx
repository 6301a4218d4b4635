import { Button } from 'nhsuk-react-components';
import { canRetry, toRequestError } from '../api/request-error.ts';

/** Tells what went wrong, what to do, and what to quote. */
export function Problem({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { code, publicMessage, requestId } = toRequestError(error);
  return (
    <div className="problem" role="alert">
      <h2 className="nhsuk-heading-m">There is a problem</h2>
      <p>{publicMessage}</p>
      {requestId !== undefined && (
        <p className="nhsuk-body-s nhsuk-u-secondary-text-colour">
          If you contact us about this, quote <code>{requestId}</code>
        </p>
      )}
      {canRetry(code) && (
        <Button type="button" secondary onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
