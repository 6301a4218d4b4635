import {
  type SessionClock,
  useSession,
  useSessionStore,
  useSignOut,
  useSessionWatch,
} from '@cordon/clinic-page';
import { useQuery } from '@tanstack/react-query';
import { AccessReport } from './access/access-page.tsx';
import { ChatPage } from './chat/chat-page.tsx';
import { meQuery } from './api/queries.ts';
import type { Me } from './api/types.ts';
import { Layout } from './page/layout.tsx';
import { Loading } from './page/loading.tsx';
import {
  CheckingScreen,
  NotFoundScreen,
  SignedOutScreen,
  UnreachableScreen,
} from './page/outside-screens.tsx';
import { PageHeading } from './page/page-heading.tsx';
import { Problem } from './page/problem.tsx';
import { MyRecord } from './record/my-record.tsx';
import { TreatmentPage } from './treatment/treatment-page.tsx';
import { SessionsPage } from './session/sessions-page.tsx';
import { SessionWarning } from './session/session-warning.tsx';

const PAGES: readonly string[] = ['/', '/treatment', '/questions', '/who-has-looked', '/sessions'];

function PageOf({ path, me }: { path: string; me: Me }) {
  if (path === '/sessions') return <SessionsPage />;
  if (path === '/treatment' && me.patientRecordId !== null)
    return <TreatmentPage patientId={me.patientRecordId} />;
  if (path === '/questions' && me.patientRecordId !== null) return <ChatPage me={me} />;
  if (path === '/who-has-looked' && me.patientRecordId !== null) return <AccessReport me={me} />;
  return <MyRecord me={me} />;
}

export function App() {
  const session = useSession();
  const store = useSessionStore();
  useSessionWatch();

  switch (session.phase) {
    case 'checking':
      return <CheckingScreen />;
    case 'unreachable':
      return <UnreachableScreen error={session.error} onRetry={() => void store.check()} />;
    case 'signed-out':
    case 'locked':
    case 'ended':
      return <SignedOutScreen ended={session.phase !== 'signed-out'} />;
    case 'active':
      return PAGES.includes(window.location.pathname) ? (
        <SignedIn clock={session.clock} />
      ) : (
        <NotFoundScreen />
      );
  }
}

function SignedIn({ clock }: { clock: SessionClock }) {
  const { data: me, error, isPending, refetch } = useQuery(meQuery);
  const signOut = useSignOut();
  const leaving = signOut.isPending || signOut.isSuccess;
  return (
    <Layout
      {...(me === undefined ? {} : { organisation: me.tenantName })}
      action={
        <button
          type="button"
          className="sign-out"
          disabled={leaving}
          onClick={() => {
            signOut.mutate();
          }}
        >
          {leaving ? 'Signing out…' : 'Sign out'}
        </button>
      }
    >
      <SessionWarning clock={clock} />
      {signOut.isError && (
        <Problem
          error={signOut.error}
          onRetry={() => {
            signOut.mutate();
          }}
        />
      )}
      {isPending ? (
        <Loading what="your record" />
      ) : error !== null ? (
        <>
          <PageHeading title="My record">My record</PageHeading>
          <Problem error={error} onRetry={() => void refetch()} />
        </>
      ) : (
        <PageOf path={window.location.pathname} me={me} />
      )}
    </Layout>
  );
}
