import { formatInstant } from '@cordon/clinic-page';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { FieldPairs } from '../parts/field-pairs.tsx';
import { PagedList } from '../parts/paged-list.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Empty } from '../parts/states.tsx';
import { Tag } from '../parts/tag.tsx';
import { useCursorTrail } from '../routing/cursor-trail.ts';
import { PageHeading } from '../routing/page-heading.tsx';
import { ClinicField } from '../shell/clinic-field.tsx';
import { useWorkplace } from '../shell/workplace-context.ts';
import { changeEnquiry, enquiriesQuery, type Enquiry } from './enquiry-queries.ts';
import { sayEnquiryState } from './enquiry-words.ts';

function EnquiryItem({ enquiry }: { enquiry: Enquiry }) {
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (state: string) => changeEnquiry(enquiry, state),
    onSettled: () => queries.invalidateQueries({ queryKey: ['enquiries'] }),
  });
  const { label, tone, next } = sayEnquiryState(enquiry.state);
  const name = enquiry.fullName ?? 'A name that cannot be read';
  return (
    <li className={`alert-item alert-${enquiry.state === 'new' ? 'warning' : 'neutral'}`}>
      <p className="alert-tags">
        <Tag tone={tone}>{label}</Tag>
        {!enquiry.consentToContact && <Tag tone="danger">No consent to be contacted</Tag>}
        <span className="hint">{formatInstant(enquiry.createdAt)}</span>
      </p>
      <h2>{name}</h2>
      <FieldPairs
        pairs={[
          ['Contact', enquiry.contact ?? 'Cannot be read'],
          ['Message', enquiry.message],
        ]}
      />
      {next.length > 0 && (
        <div className="button-row">
          {next.map((step) => (
            <button
              key={step.state}
              type="button"
              className="button"
              disabled={change.isPending}
              onClick={() => {
                change.mutate(step.state);
              }}
            >
              {step.label}
              <span className="visually-hidden">: the enquiry of {name}</span>
            </button>
          ))}
        </div>
      )}
      {change.isError && <ProblemNotice error={change.error} />}
    </li>
  );
}

/** Who asked on the public site, or in its chat, to be contacted by a person. */
export function EnquiriesPage() {
  const { me, clinic } = useWorkplace();
  const trail = useCursorTrail(`enquiries ${clinic?.id ?? ''}`);
  const query = useQuery(enquiriesQuery(clinic?.id ?? null, trail.cursor));
  return (
    <>
      <PageHeading title="Enquiries">Enquiries</PageHeading>
      <p className="lead">People who asked on the public site to be contacted. Newest first.</p>
      {me.clinics.length > 1 && (
        <div className="toolbar">
          <ClinicField id="enquiries-clinic" />
        </div>
      )}
      <PagedList
        query={query}
        trail={trail}
        one="enquiry"
        many="enquiries"
        empty={
          <Empty title="Nobody has asked yet">
            <p>An enquiry left in the chat of the public site appears here.</p>
          </Empty>
        }
      >
        {(items, busy) => (
          <ul className="alert-list" aria-busy={busy}>
            {items.map((enquiry) => (
              <EnquiryItem key={enquiry.id} enquiry={enquiry} />
            ))}
          </ul>
        )}
      </PagedList>
    </>
  );
}
