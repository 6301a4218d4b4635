import { canRetry, type RequestError } from '@cordon/clinic-page';
import { sayProblem } from './problem-words.ts';

interface ProblemProps {
  readonly error: RequestError;
  /** Absent where what failed is still there to be sent once more. */
  readonly onRetry?: (() => void) | undefined;
}

export function Problem({ error, onRetry }: ProblemProps) {
  const mayRetry = onRetry !== undefined && canRetry(error) && error.problem !== 'ai-limit-reached';
  return (
    <div className="problem" role="alert">
      <p>{sayProblem(error)}</p>
      {error.code === 'session-ended' && (
        <p>
          {/* Out of the frame: the page around it signs people in. */}
          <a href="/questions" target="_top">
            Sign in again
          </a>
        </p>
      )}
      {mayRetry && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
