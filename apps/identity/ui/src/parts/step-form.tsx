import type { ReactNode } from 'react';
import type { Action, Problem } from '../api.ts';

export interface StepProps {
  readonly busy: boolean;
  readonly problem: Problem | undefined;
  readonly onSend: (action: Action, body?: object) => void;
  readonly onProblem: (problem: Problem) => void;
}

/** A form that is sent by script alone; while it is on its way it cannot be sent again, and keeps the focus. */
export function StepForm(props: {
  readonly busy: boolean;
  readonly submitLabel: string;
  readonly onSubmit: (fields: FormData) => void;
  readonly children: ReactNode;
}) {
  return (
    <form
      noValidate
      method="post"
      onSubmit={(event) => {
        event.preventDefault();
        if (!props.busy) props.onSubmit(new FormData(event.currentTarget));
      }}
    >
      {props.children}
      <button type="submit" className="primary" aria-disabled={props.busy}>
        {props.busy ? 'One moment …' : props.submitLabel}
      </button>
    </form>
  );
}

export function readText(fields: FormData, name: string): string {
  const value = fields.get(name);
  return typeof value === 'string' ? value : '';
}
