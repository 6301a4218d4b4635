import { withQuery } from '@cordon/clinic-page';
import { Button } from 'nhsuk-react-components';
import { Layout } from './layout.tsx';
import { Loading } from './loading.tsx';
import { PageHeading } from './page-heading.tsx';
import { Problem } from './problem.tsx';

export function CheckingScreen() {
  return (
    <Layout>
      <Loading what="the portal" />
    </Layout>
  );
}

export function UnreachableScreen({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <Layout>
      <PageHeading title="No connection">Patient portal</PageHeading>
      <Problem error={error} onRetry={onRetry} />
    </Layout>
  );
}

/** Signing in leads back here. */
const signInPath = ({ pathname }: Location): string =>
  pathname === '/' ? '/auth/sign-in' : withQuery('/auth/sign-in', { returnTo: pathname });

export function SignedOutScreen({ ended }: { ended: boolean }) {
  return (
    <Layout>
      <PageHeading title={ended ? 'Signed out' : 'Sign in'}>
        {ended ? 'You have been signed out' : 'See your record'}
      </PageHeading>
      {ended ? (
        <p role="status">We signed you out to keep your record private. Sign in again to go on.</p>
      ) : (
        <>
          <p>Sign in to see what your clinic has on record about you.</p>
          <p>Your clinic gives you an account. If you have none yet, ask at reception.</p>
        </>
      )}
      <Button href={signInPath(window.location)}>{ended ? 'Sign in again' : 'Sign in'}</Button>
    </Layout>
  );
}

export function NotFoundScreen() {
  return (
    <Layout>
      <PageHeading title="Page not found">Page not found</PageHeading>
      <p>
        Check the address, or <a href="/">go to your record</a>.
      </p>
    </Layout>
  );
}
