import { useQuery } from '@tanstack/react-query';
import { InsetText, SummaryList } from 'nhsuk-react-components';
import { recordQuery } from '../api/queries.ts';
import type { Me, Profile } from '../api/types.ts';
import { Loading } from '../page/loading.tsx';
import { PageHeading } from '../page/page-heading.tsx';
import { Problem } from '../page/problem.tsx';
import { describeProfile } from './record-words.ts';

function Details({ profile, clinicName }: { profile: Profile; clinicName: string }) {
  return (
    <>
      <p className="nhsuk-lede-text">
        This is what {clinicName} has on record about you. If something is wrong or missing, tell the clinic
        and they will put it right.
      </p>
      {describeProfile(profile).map(({ title, lines }) => (
        <section key={title}>
          <h2 className="nhsuk-heading-m">{title}</h2>
          <SummaryList>
            {lines.map(({ name, value }) => (
              <SummaryList.Row key={name}>
                <SummaryList.Key>{name}</SummaryList.Key>
                <SummaryList.Value className="record-value">
                  {value ?? <span className="record-missing">Not on record</span>}
                </SummaryList.Value>
              </SummaryList.Row>
            ))}
          </SummaryList>
        </section>
      ))}
      <InsetText>
        <p>
          Each time somebody opens your record, it is written down. Card numbers are never kept: they are
          removed before anything is stored.
        </p>
      </InsetText>
    </>
  );
}

/** The patient's own record, and what to do where there is none. */
export function MyRecord({ me }: { me: Me }) {
  if (me.patientRecordId === null)
    return (
      <>
        <PageHeading title="No record">There is no record behind this account</PageHeading>
        {me.role === 'role.patient' ? (
          <p>
            Your account is not linked to a patient record yet. Contact your clinic and ask them to link it.
          </p>
        ) : (
          <p>
            The portal is for patients. If you work at a clinic, sign out here and use the clinic console.
          </p>
        )}
      </>
    );
  return (
    <>
      <PageHeading title="My record">My record</PageHeading>
      <LinkedRecord me={me} />
    </>
  );
}

function LinkedRecord({ me }: { me: Me }) {
  const { data: record, error, isPending, refetch } = useQuery(recordQuery);
  if (isPending) return <Loading what="your record" />;
  if (error !== null) return <Problem error={error} onRetry={() => void refetch()} />;
  const clinicName = me.clinics.find(({ id }) => id === record.clinicId)?.name ?? me.tenantName;
  if (record.profile === null)
    return <p>{clinicName} has a record of you, but its details cannot be shown here. Contact the clinic.</p>;
  return <Details profile={record.profile} clinicName={clinicName} />;
}
