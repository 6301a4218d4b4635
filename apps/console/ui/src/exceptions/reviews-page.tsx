import { formatInstant } from '@cordon/clinic-page';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { emergenciesQuery, reviewEmergency } from '../api/exception-queries.ts';
import type { EmergencyToReview } from '../api/types.ts';
import { PagedList } from '../parts/paged-list.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Empty } from '../parts/states.tsx';
import { Tag } from '../parts/tag.tsx';
import { useCursorTrail } from '../routing/cursor-trail.ts';
import { PageHeading } from '../routing/page-heading.tsx';
import { nameOfClinic, useWorkplace } from '../shell/workplace-context.ts';

function Review({ access }: { access: EmergencyToReview }) {
  const { me } = useWorkplace();
  const queries = useQueryClient();
  const say = useMutation({
    mutationFn: (review: 'justified' | 'not-justified') => reviewEmergency(access.id, review),
    onSettled: () => queries.invalidateQueries({ queryKey: ['emergencies'] }),
  });
  const when = formatInstant(access.grantedAt);
  const own = access.accountId === me.subject;
  return (
    <li>
      <p>
        <span className="when">{when}</span>{' '}
        {access.review !== null && (
          <Tag tone={access.review === 'justified' ? 'good' : 'danger'}>
            {access.review === 'justified' ? 'Justified' : 'Not justified'}
          </Tag>
        )}
      </p>
      <dl className="pairs">
        <div>
          <dt>Reason given</dt>
          <dd className="read-text">{access.reason ?? 'Cannot be read: the record was erased'}</dd>
        </div>
        <div>
          <dt>Clinic</dt>
          <dd>{nameOfClinic(me, access.clinicId)}</dd>
        </div>
        <div>
          <dt>By account</dt>
          <dd>
            <code>{access.accountId}</code>
          </dd>
        </div>
        <div>
          <dt>Record</dt>
          <dd>
            <code>{access.patientId}</code>
          </dd>
        </div>
      </dl>
      {access.review === null && !own && (
        <div className="button-row">
          {(
            [
              ['justified', 'Justified'],
              ['not-justified', 'Not justified'],
            ] as const
          ).map(([review, label]) => (
            <button
              key={review}
              type="button"
              className="button"
              disabled={say.isPending}
              onClick={() => {
                say.mutate(review);
              }}
            >
              {label}
              <span className="visually-hidden">: the access of {when}</span>
            </button>
          ))}
        </div>
      )}
      {own && access.review === null && <p className="hint">Somebody else reviews your own access.</p>}
      {say.isError && <ProblemNotice error={say.error} />}
    </li>
  );
}

/** Why records of one's clinics were opened from outside, for who administers them to judge. */
export function ReviewsPage() {
  const [waiting, setWaiting] = useState(true);
  const trail = useCursorTrail(`emergencies ${waiting ? 'waiting' : 'all'}`);
  const query = useQuery(emergenciesQuery(waiting, trail.cursor));
  return (
    <>
      <PageHeading title="Emergency accesses">Emergency accesses</PageHeading>
      <p className="lead">
        Each was opened by a clinician with a reason. Ask them, then say whether it was justified.
      </p>
      <div className="toolbar">
        <label className="choice-line" htmlFor="reviews-all">
          <input
            id="reviews-all"
            type="checkbox"
            checked={!waiting}
            onChange={() => {
              setWaiting(!waiting);
            }}
          />
          Show reviewed ones as well
        </label>
      </div>
      <PagedList
        query={query}
        trail={trail}
        one="access"
        many="accesses"
        empty={<Empty title={waiting ? 'None waits for a review' : 'There was none'} />}
      >
        {(items) => (
          <section className="panel" aria-label="Accesses">
            <ul className="lines">
              {items.map((access) => (
                <Review key={access.id} access={access} />
              ))}
            </ul>
          </section>
        )}
      </PagedList>
    </>
  );
}
