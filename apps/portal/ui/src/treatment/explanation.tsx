import { showPlainly } from '@cordon/clinic-page';
import { useMutation } from '@tanstack/react-query';
import { Button, InsetText } from 'nhsuk-react-components';
import { Problem } from '../page/problem.tsx';
import { isOfVersion, saySources } from './plan-words.ts';
import { explainPlan } from './treatment-queries.ts';

interface PlanExplanationProps {
  readonly id: string;
  readonly title: string;
  /** Of the plan as it is shown. */
  readonly version: number;
  /** The plan is another one than it was when it was opened. */
  readonly onChanged: () => void;
}

/** A plan in plain words, made by a program: said so before, beside and after it, with what it was made from. */
export function PlanExplanation({ id, title, version, onChanged }: PlanExplanationProps) {
  const ask = useMutation({
    mutationFn: () => explainPlan(id),
    onSuccess: (made) => {
      if (!isOfVersion(made, version)) onChanged();
    },
  });
  const { data } = ask;
  const explain = (): void => {
    if (!ask.isPending) ask.mutate();
  };
  const current = data && isOfVersion(data, version) ? data : null;
  return (
    <>
      <Button type="button" secondary aria-disabled={ask.isPending} onClick={explain}>
        {ask.isPending ? 'Writing…' : 'Explain in plain words'}
        <span className="nhsuk-u-visually-hidden"> the plan {title}</span>
      </Button>
      {ask.isError && <Problem error={ask.error} onRetry={explain} />}
      <p className="nhsuk-u-visually-hidden" role="status">
        {current && `The explanation of the plan ${title} is below. It was generated and not checked.`}
      </p>
      {data && current === null && (
        <p role="status">
          Your plan was changed after this explanation was asked for. Read the plan above, and ask for an
          explanation of it as it is now.
        </p>
      )}
      {current && (
        <InsetText>
          <h3 className="nhsuk-heading-s">Generated explanation, not checked by a person</h3>
          <p className="record-value" dir="auto">
            {showPlainly(current.text)}
          </p>
          <p className="nhsuk-body-s">
            Made {current.offline ? 'by fixed rules, without a language model,' : 'by a language model'} from{' '}
            {saySources(current.sources)} of your plan above. The plan itself counts. Ask your clinician to
            confirm what matters to you before you decide.
          </p>
        </InsetText>
      )}
    </>
  );
}
