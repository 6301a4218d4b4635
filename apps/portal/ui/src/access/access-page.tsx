import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { Button, Details } from 'nhsuk-react-components';
import { accessQuery, downloadProof } from '../api/queries.ts';
import type { Access, Me } from '../api/types.ts';
import { Loading } from '../page/loading.tsx';
import { PageHeading } from '../page/page-heading.tsx';
import { Problem } from '../page/problem.tsx';
import { groupByDay, sayTime } from './group-by-day.ts';

function AccessItem({ access, me }: { access: Access; me: Me }) {
  const save = useMutation({ mutationFn: () => downloadProof(access.id) });
  const clinic = me.clinics.find(({ id }) => id === access.clinicId)?.name;
  const time = sayTime(access.at);
  return (
    <li className="access">
      <p className="access-words">
        <time className="access-time" dateTime={access.at}>
          {time}
        </time>
        <span>
          {access.sentence}
          {clinic !== undefined && <span className="nhsuk-u-secondary-text-colour"> {clinic}</span>}
        </span>
      </p>
      {access.proof.state === 'waiting' ? (
        <span className="nhsuk-body-s nhsuk-u-secondary-text-colour">Proof in a moment</span>
      ) : (
        <button
          type="button"
          className="link-button"
          disabled={save.isPending}
          onClick={() => {
            save.mutate();
          }}
        >
          {save.isSuccess ? 'Proof saved' : 'Save the proof'}
          <span className="nhsuk-u-visually-hidden">
            {' '}
            of {time}: {access.sentence}
          </span>
        </button>
      )}
      {save.isError && (
        <Problem
          error={save.error}
          onRetry={() => {
            save.mutate();
          }}
        />
      )}
    </li>
  );
}

/** Who has looked at the patient's record: each access in plain words, with its proof. */
export function AccessReport({ me }: { me: Me }) {
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } =
    useInfiniteQuery(accessQuery);
  return (
    <>
      <PageHeading title="Who has looked">Who has looked at my record</PageHeading>
      <p className="nhsuk-lede-text">
        Each time somebody opens your record, changes it, or is refused, it is written down here. The newest
        comes first.
      </p>
      <Details>
        <Details.Summary>What a proof is for</Details.Summary>
        <Details.Text>
          <p>
            A proof is a small file. It shows that a line of this list stands in the clinic’s log, and that
            nobody can take it out or change it unnoticed. It holds ids and codes, and nothing of your health.
          </p>
          <p>
            You do not need one. If you ever doubt what the clinic tells you, somebody you trust can check the
            file without the clinic’s help.
          </p>
        </Details.Text>
      </Details>
      {isPending ? (
        <Loading what="the list" />
      ) : error !== null ? (
        <Problem error={error} onRetry={() => void refetch()} />
      ) : (
        <>
          {groupByDay(data.pages.flatMap(({ items }) => items)).map(({ day, accesses }) => (
            <section key={day}>
              <h2 className="nhsuk-heading-m">{day}</h2>
              <ul className="accesses">
                {accesses.map((access) => (
                  <AccessItem key={access.id} access={access} me={me} />
                ))}
              </ul>
            </section>
          ))}
          {hasNextPage && (
            <Button
              type="button"
              secondary
              disabled={isFetchingNextPage}
              onClick={() => void fetchNextPage()}
            >
              {isFetchingNextPage ? 'Loading…' : 'Show older'}
            </Button>
          )}
        </>
      )}
    </>
  );
}
