import { formatDate } from '@cordon/clinic-page';
import { useQuery } from '@tanstack/react-query';
import { Details, SummaryList } from 'nhsuk-react-components';
import { useState } from 'react';
import { Loading } from '../page/loading.tsx';
import { PageHeading } from '../page/page-heading.tsx';
import { Problem } from '../page/problem.tsx';
import { PlanExplanation } from './explanation.tsx';
import { sayCost, sayState } from './plan-words.ts';
import { planQuery, plansQuery, type TreatmentPlan } from './treatment-queries.ts';

function OpenedPlan({ id, title }: { id: string; title: string }) {
  const { data, error, isPending, refetch } = useQuery(planQuery(id));
  if (isPending) return <Loading what="the plan" />;
  if (error !== null) return <Problem error={error} onRetry={() => void refetch()} />;
  const items = data.items ?? [];
  return (
    <>
      <SummaryList>
        {items.map(({ summaryText, costPence }, index) => (
          <SummaryList.Row key={index}>
            <SummaryList.Key>{summaryText}</SummaryList.Key>
            <SummaryList.Value>{sayCost(costPence)}</SummaryList.Value>
          </SummaryList.Row>
        ))}
        <SummaryList.Row>
          <SummaryList.Key>Visits</SummaryList.Key>
          <SummaryList.Value>{data.totalVisits ?? 'Not said yet'}</SummaryList.Value>
        </SummaryList.Row>
      </SummaryList>
      <PlanExplanation id={id} title={title} version={data.version} onChanged={() => void refetch()} />
    </>
  );
}

function Plan({ plan }: { plan: TreatmentPlan }) {
  const [opened, setOpened] = useState(false);
  const title = plan.title ?? 'A plan that cannot be shown';
  return (
    <section>
      <h2 className="nhsuk-heading-m">{title}</h2>
      <p>
        {sayState(plan.state)}, from {formatDate(plan.createdAt.slice(0, 10))}
      </p>
      <Details
        onToggle={({ currentTarget }) => {
          // Opening a plan is written down: it is asked for once somebody wants to see it.
          if (currentTarget.open) setOpened(true);
        }}
      >
        <Details.Summary>
          Show the plan<span className="nhsuk-u-visually-hidden"> {title}</span>
        </Details.Summary>
        <Details.Text>{opened && <OpenedPlan id={plan.id} title={title} />}</Details.Text>
      </Details>
    </section>
  );
}

/** The patient's treatment plans, each with its steps, their costs, and an explanation for who wants one. */
export function TreatmentPage({ patientId }: { patientId: string }) {
  const { data, error, isPending, refetch } = useQuery(plansQuery(patientId));
  return (
    <>
      <PageHeading title="My treatment">My treatment</PageHeading>
      {isPending ? (
        <Loading what="your treatment plans" />
      ) : error !== null ? (
        <Problem error={error} onRetry={() => void refetch()} />
      ) : data.items.length === 0 ? (
        <p>There is no treatment plan on your record.</p>
      ) : (
        data.items.map((plan) => <Plan key={plan.id} plan={plan} />)
      )}
    </>
  );
}
