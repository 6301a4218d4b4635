import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { addRecord } from '../api/record-queries.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { TextField } from '../parts/text-field.tsx';
import { readPounds } from './plan-words.ts';

interface Step {
  readonly key: string;
  readonly summaryText: string;
  readonly cost: string;
}
const newStep = (): Step => ({ key: crypto.randomUUID(), summaryText: '', cost: '' });
const MOST_STEPS = 100;

/** A treatment plan, step by step with its costs; it begins as a draft. */
export function PlanForm({ patientId, clinicId }: { patientId: string; clinicId: string }) {
  const queries = useQueryClient();
  const [title, setTitle] = useState('');
  const [steps, setSteps] = useState<readonly Step[]>(() => [newStep()]);
  const [key, setKey] = useState(() => crypto.randomUUID());
  const wanted = steps.filter(({ summaryText }) => summaryText.trim() !== '');
  const wrong = wanted.find(({ cost }) => cost.trim() !== '' && readPounds(cost) === null);
  const ready = title.trim() !== '' && wanted.length > 0 && wrong === undefined;
  const write = useMutation({
    mutationFn: () => {
      const items = wanted.map(({ summaryText, cost }) => ({
        state: 'planned',
        summaryText: summaryText.trim(),
        costPence: readPounds(cost),
      }));
      return addRecord('treatment-plans', { clinicId, patientId, title: title.trim(), items }, key);
    },
    onSuccess: async () => {
      setTitle('');
      setSteps([newStep()]);
      await queries.invalidateQueries({ queryKey: ['treatment-plans'] });
    },
    onSettled: () => {
      setKey(crypto.randomUUID());
    },
  });
  const change = (changed: Step): void => {
    setSteps(steps.map((step) => (step.key === changed.key ? changed : step)));
  };
  return (
    <details className="details">
      <summary>Write a plan</summary>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !write.isPending) write.mutate();
        }}
      >
        <TextField id="plan-title" label="Title" value={title} onChange={setTitle} maxLength={200} required />
        {steps.map((step, index) => (
          <fieldset key={step.key} className="field">
            <legend className="label">Step {index + 1}</legend>
            <div className="stack">
              <TextField
                id={`plan-step-${step.key}`}
                label="What is done"
                value={step.summaryText}
                onChange={(summaryText) => {
                  change({ ...step, summaryText });
                }}
                maxLength={500}
                rows={2}
              />
              <TextField
                id={`plan-cost-${step.key}`}
                label="Cost in pounds (may be left empty)"
                value={step.cost}
                onChange={(cost) => {
                  change({ ...step, cost });
                }}
                maxLength={12}
                inputMode="decimal"
              />
            </div>
          </fieldset>
        ))}
        {wrong !== undefined && (
          <p className="field-error" role="status">
            Step {steps.indexOf(wrong) + 1}: write the cost as 125 or 125.50
          </p>
        )}
        <div className="button-row">
          <button
            type="button"
            className="button"
            disabled={steps.length >= MOST_STEPS}
            onClick={() => {
              setSteps([...steps, newStep()]);
            }}
          >
            Add a step
          </button>
          <button type="submit" className="button button-primary" aria-disabled={!ready || write.isPending}>
            {write.isPending ? 'Writing…' : 'Write the plan'}
          </button>
        </div>
        {write.isError && <ProblemNotice error={write.error} />}
        <p role="status" className="hint">
          {write.isSuccess ? 'Written, as a draft.' : ''}
        </p>
      </form>
    </details>
  );
}
