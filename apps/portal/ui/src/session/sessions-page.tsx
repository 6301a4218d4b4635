import { formatInstant, useOwnSessions } from '@cordon/clinic-page';
import { Button, SummaryList } from 'nhsuk-react-components';
import { Loading } from '../page/loading.tsx';
import { PageHeading } from '../page/page-heading.tsx';
import { Problem } from '../page/problem.tsx';

/** Where the patient is signed in to the portal, and the way out of each. */
export function SessionsPage() {
  const { list, end } = useOwnSessions();
  return (
    <>
      <PageHeading title="Where you are signed in">Where you are signed in</PageHeading>
      <p className="nhsuk-lede-text">
        If you do not know one of these, sign it out and change your password. Tell the clinic if you are
        worried.
      </p>
      {end.isError && (
        <Problem
          error={end.error}
          onRetry={() => {
            end.mutate(end.variables);
          }}
        />
      )}
      {list.error !== null ? (
        <Problem error={list.error} onRetry={() => void list.refetch()} />
      ) : list.data === undefined ? (
        <Loading what="the list" />
      ) : (
        <SummaryList>
          {list.data.map(({ id, browser, current, lastSeenAt }) => (
            <SummaryList.Row key={id}>
              <SummaryList.Key>{browser ?? 'An unknown browser'}</SummaryList.Key>
              <SummaryList.Value>
                {current ? 'This browser, now' : `Last used ${formatInstant(lastSeenAt)}`}
                {!current && ' '}
                {!current && (
                  <button
                    type="button"
                    className="link-button"
                    disabled={end.isPending}
                    onClick={() => {
                      end.mutate(id);
                    }}
                  >
                    Sign out
                    <span className="nhsuk-u-visually-hidden"> of {browser ?? 'an unknown browser'}</span>
                  </button>
                )}
              </SummaryList.Value>
            </SummaryList.Row>
          ))}
        </SummaryList>
      )}
      <Button
        type="button"
        secondary
        disabled={end.isPending}
        onClick={() => {
          end.mutate(null);
        }}
      >
        Sign out everywhere
      </Button>
    </>
  );
}
