import { canRetry, type RequestError } from '@cordon/clinic-page';

export function Problem({ error, onRetry }: { error: RequestError; onRetry: () => void }) {
  return (
    <div className="problem" role="alert">
      <p>{error.publicMessage}</p>
      {canRetry(error) && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
