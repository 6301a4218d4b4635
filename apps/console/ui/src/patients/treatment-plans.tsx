import { formatInstant, formatPence } from '@cordon/clinic-page';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { treatmentPlansQuery, wholeQuery } from '../api/record-queries.ts';
import type { PlanItem, TreatmentPlan } from '../api/types.ts';
import { PlanForm } from './plan-form.tsx';
import { RecordHistory } from './record-history.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Loading } from '../parts/states.tsx';
import { Tag } from '../parts/tag.tsx';

const sayCost = (pence: number | null): string => (pence === null ? '' : formatPence(pence));

const sayItem = ({ summaryText, costPence }: PlanItem): string =>
  costPence === null ? summaryText : `${summaryText} (${sayCost(costPence)})`;

function Items({ id }: { id: string }) {
  const { data, error, isPending } = useQuery(wholeQuery<TreatmentPlan>('treatment-plans', id));
  if (error !== null) return <ProblemNotice error={error} />;
  if (isPending) return <Loading what="the plan" />;
  const items = data.items ?? [];
  const total = items.reduce((sum, { costPence }) => sum + (costPence ?? 0), 0);
  return (
    <dl className="pairs">
      {items.map(({ summaryText, costPence }, index) => (
        <div key={index}>
          <dt>{summaryText}</dt>
          <dd>{sayCost(costPence)}</dd>
        </div>
      ))}
      <div>
        <dt>Together</dt>
        <dd>{sayCost(total)}</dd>
      </div>
    </dl>
  );
}

function Plan({ plan }: { plan: TreatmentPlan }) {
  const [opened, setOpened] = useState(false);
  const title = plan.title ?? 'A plan that cannot be read';
  return (
    <li>
      <p>
        <strong>{title}</strong> <Tag>{plan.state}</Tag>
        <span className="hint about">{formatInstant(plan.createdAt)}</span>
      </p>
      {opened ? (
        <>
          <Items id={plan.id} />
          <RecordHistory<TreatmentPlan>
            segment="treatment-plans"
            id={plan.id}
            of={`the plan ${title}`}
            say={({ title: called, state, items = [] }) => [
              ['Title', called ?? null],
              ['State', state],
              ['Steps', items.map(sayItem).join('\n')],
            ]}
          />
        </>
      ) : (
        <button
          type="button"
          className="button"
          onClick={() => {
            setOpened(true);
          }}
        >
          Open<span className="visually-hidden"> the plan {title}</span>
        </button>
      )}
    </li>
  );
}

export function TreatmentPlans({ patientId, clinicId }: { patientId: string; clinicId: string }) {
  const { data, error, isPending, refetch } = useQuery(treatmentPlansQuery(patientId));
  return (
    <section className="panel" aria-labelledby="plans-heading">
      <h2 id="plans-heading">Treatment plans</h2>
      {error !== null ? (
        <ProblemNotice error={error} onRetry={() => void refetch()} />
      ) : isPending ? (
        <Loading what="treatment plans" />
      ) : data.items.length === 0 ? (
        <p className="missing">None on this record</p>
      ) : (
        <ul className="lines">
          {data.items.map((plan) => (
            <Plan key={plan.id} plan={plan} />
          ))}
        </ul>
      )}
      <PlanForm patientId={patientId} clinicId={clinicId} />
    </section>
  );
}
