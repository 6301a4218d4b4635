import type { ReactNode } from 'react';
import { explainError } from '../api/explain-error.ts';
import { ConfirmLink } from '../session/confirm-link.tsx';

interface ProblemNoticeProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
  readonly children?: ReactNode;
}

/** Tells what went wrong, what to do, and what to quote. */
export function ProblemNotice({ error, onRetry, children }: ProblemNoticeProps) {
  const { title, body, reference, canRetry, needsFactor } = explainError(error);
  return (
    <div className="notice notice-problem" role="alert">
      <p className="notice-title">{title}</p>
      <p>{body}</p>
      {reference !== undefined && (
        <p className="notice-reference">
          Reference <code>{reference}</code>
        </p>
      )}
      {children}
      {needsFactor && (
        <p>
          <ConfirmLink ask="factor" className="button button-primary">
            Confirm with passkey or code
          </ConfirmLink>
        </p>
      )}
      {canRetry && onRetry !== undefined && (
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
