import { useEffect, useRef } from 'react';
import type { Problem } from '../api.ts';

/** Takes the focus each time it says something new, so that it is read out; leads to the field it speaks of. */
export function ProblemSummary({ problem, fieldId }: { problem: Problem | undefined; fieldId?: string }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (problem) box.current?.focus();
  }, [problem]);
  if (!problem) return null;
  return (
    <div className="problem" role="alert" tabIndex={-1} ref={box}>
      <h2>There is a problem</h2>
      <ul>
        <li>
          {fieldId === undefined ? (
            problem.text
          ) : (
            <a
              href={`#${fieldId}`}
              onClick={(event) => {
                event.preventDefault();
                document.getElementById(fieldId)?.focus();
              }}
            >
              {problem.text}
            </a>
          )}
        </li>
      </ul>
    </div>
  );
}
