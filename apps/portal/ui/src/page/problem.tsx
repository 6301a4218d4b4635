import { canRetry, toRequestError } from '@cordon/clinic-page';
import { Button } from 'nhsuk-react-components';
import { sayProblem } from './problem-words.ts';

/** Tells what went wrong, what to do, and what to quote. */
export function Problem({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const known = toRequestError(error);
  const { requestId } = known;
  return (
    <div className="problem" role="alert">
      <h2 className="nhsuk-heading-m">There is a problem</h2>
      <p>{sayProblem(known)}</p>
      {requestId !== undefined && (
        <p className="nhsuk-body-s nhsuk-u-secondary-text-colour">
          If you contact us about this, quote <code>{requestId}</code>
        </p>
      )}
      {canRetry(known) && (
        <Button type="button" secondary onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
