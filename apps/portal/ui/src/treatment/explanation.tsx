import { showPlainly } from '@cordon/clinic-page';
import { useMutation } from '@tanstack/react-query';
import { Button, InsetText } from 'nhsuk-react-components';
import { Problem } from '../page/problem.tsx';
import { saySources } from './plan-words.ts';
import { explainPlan } from './treatment-queries.ts';

/** A plan in plain words, made by a program: said so before, beside and after it, with what it was made from. */
export function PlanExplanation({ id, title }: { id: string; title: string }) {
  const ask = useMutation({ mutationFn: () => explainPlan(id) });
  const { data } = ask;
  return (
    <>
      <Button
        type="button"
        secondary
        disabled={ask.isPending}
        onClick={() => {
          ask.mutate();
        }}
      >
        {ask.isPending ? 'Writing…' : 'Explain in plain words'}
        <span className="nhsuk-u-visually-hidden"> the plan {title}</span>
      </Button>
      {ask.isError && (
        <Problem
          error={ask.error}
          onRetry={() => {
            ask.mutate();
          }}
        />
      )}
      <div role="status">
        {data && (
          <InsetText>
            <h3 className="nhsuk-heading-s">Generated explanation, not checked by a person</h3>
            <p className="record-value">{showPlainly(data.text)}</p>
            <p className="nhsuk-body-s">
              Made {data.offline ? 'by fixed rules, without a language model,' : 'by a language model'} from{' '}
              {saySources(data.sources)} of your plan above. The plan itself counts. Ask your clinician to
              confirm what matters to you before you decide.
            </p>
          </InsetText>
        )}
      </div>
    </>
  );
}
