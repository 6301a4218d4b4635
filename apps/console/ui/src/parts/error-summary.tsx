import { useEffect, useRef } from 'react';

export interface FormError {
  readonly fieldId: string;
  readonly text: string;
}

/** What keeps a form from being sent. It takes the focus each time `attempt` grows, and each line leads to its field. */
export function ErrorSummary({ errors, attempt }: { errors: readonly FormError[]; attempt: number }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (attempt > 0) box.current?.focus();
  }, [attempt]);
  if (errors.length === 0) return null;
  return (
    <div className="notice notice-problem" role="alert" tabIndex={-1} ref={box}>
      <p className="notice-title">Check before sending</p>
      <ul>
        {errors.map((error) => (
          <li key={error.fieldId}>
            <a
              href={`#${error.fieldId}`}
              onClick={(event) => {
                event.preventDefault();
                document.getElementById(error.fieldId)?.focus();
              }}
            >
              {error.text}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
