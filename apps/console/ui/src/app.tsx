import {
  ErrorBoundary,
  type SessionState,
  useSession,
  useSessionStore,
  useSessionWatch,
} from '@cordon/clinic-page';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { AlertsPage } from './alerts/alerts-page.tsx';
import { TodayPage } from './appointments/today-page.tsx';
import { AuditPage } from './audit/audit-page.tsx';
import { ControlsPage } from './controls/controls-page.tsx';
import { useBadgeListener } from './alerts/use-alert-badge.ts';
import { meQuery } from './api/queries.ts';
import { ClinicsPage } from './exceptions/clinics-page.tsx';
import { EnquiriesPage } from './enquiries/enquiries-page.tsx';
import { EmergencyPage } from './exceptions/emergency-page.tsx';
import { ReviewsPage } from './exceptions/reviews-page.tsx';
import { IntakePage } from './intake/intake-page.tsx';
import { BrokenPage } from './parts/broken-page.tsx';
import { type Section, nameOfRole, sectionsOf } from './parts/roles.ts';
import { PatientPage } from './patients/patient-page.tsx';
import { PatientsPage } from './patients/patients-page.tsx';
import { Link } from './routing/link.tsx';
import { PageHeading } from './routing/page-heading.tsx';
import { type Route, keyOf, matchRoute, pathOf } from './routing/routes.ts';
import { navigate, usePathname } from './routing/router.ts';
import { LockScreen } from './session/lock-screen.tsx';
import { CheckingScreen, SignedOutScreen, UnreachableScreen } from './session/outside-screens.tsx';
import { SettingsPage } from './settings/settings-page.tsx';
import { SessionsPage } from './session/sessions-page.tsx';
import { SessionWarning } from './session/session-warning.tsx';
import { Shell } from './shell/shell.tsx';
import { useWorkplace } from './shell/workplace-context.ts';
import { WorkplaceProvider } from './shell/workplace.tsx';

/** What stands between a person and the pages: a session, then knowing who they are. */
export function App() {
  const session = useSession();
  const store = useSessionStore();
  useSessionWatch();

  switch (session.phase) {
    case 'checking':
      return <CheckingScreen />;
    case 'unreachable':
      return (
        <UnreachableScreen
          error={session.error}
          onRetry={() => {
            void store.check();
          }}
        />
      );
    case 'signed-out':
      return <SignedOutScreen ended={false} />;
    case 'ended':
      return session.kept === null ? <SignedOutScreen ended /> : <Workspace session={session} />;
    case 'locked':
    case 'active':
      return <Workspace session={session} />;
  }
}

/**
 * The pages, and in their place the lock screen. What was being done stays mounted beneath it, out of sight and reach, so that a form
 * half filled in is there after unlocking.
 */
function Workspace({
  session,
}: {
  session: Extract<SessionState, { phase: 'active' | 'locked' | 'ended' }>;
}) {
  const open = session.phase === 'active';
  const [opened, setOpened] = useState(open);
  const { data: me } = useQuery({ ...meQuery, enabled: false });
  useBadgeListener(
    session.phase !== 'ended' && (me === undefined ? !open : sectionsOf(me.role).includes('alerts')),
  );
  if (open && !opened) setOpened(true);
  return (
    <>
      {opened && (
        <div hidden={!open}>
          <WorkplaceProvider>
            <Pages />
          </WorkplaceProvider>
        </div>
      )}
      {open ? <SessionWarning clock={session.clock} /> : <LockScreen ended={session.phase === 'ended'} />}
    </>
  );
}

function Pages() {
  const pathname = usePathname();
  const { me } = useWorkplace();
  const asked = matchRoute(pathname);
  const home = sectionsOf(me.role)[0];
  const route: Route = asked.page === 'home' && home !== undefined ? { page: home } : asked;
  const moved = asked.page === 'home' && home !== undefined;
  useEffect(() => {
    if (moved) navigate(pathOf({ page: home }), 'replace');
  }, [moved, home]);
  return (
    <Shell route={route}>
      <ErrorBoundary key={keyOf(route)} fallback={<BrokenPage />}>
        <PageOf route={route} />
      </ErrorBoundary>
    </Shell>
  );
}

function PageOf({ route }: { route: Route }) {
  const { me } = useWorkplace();
  const sections = sectionsOf(me.role);
  if (route.page === 'home') return <NoSections role={me.role} />;
  if (route.page === 'not-found') return <NotFound />;
  if (route.page === 'sessions') return <SessionsPage />;
  const section: Section = route.page === 'patient' ? 'patients' : route.page;
  if (!sections.includes(section)) return <OutsideRole role={me.role} />;
  switch (route.page) {
    case 'today':
      return <TodayPage />;
    case 'intake':
      return <IntakePage />;
    case 'patients':
      return <PatientsPage />;
    case 'patient':
      return <PatientPage patientId={route.patientId} />;
    case 'alerts':
      return <AlertsPage />;
    case 'enquiries':
      return <EnquiriesPage />;
    case 'emergency':
      return <EmergencyPage />;
    case 'clinics':
      return <ClinicsPage />;
    case 'reviews':
      return <ReviewsPage />;
    case 'audit':
      return <AuditPage />;
    case 'controls':
      return <ControlsPage />;
    case 'settings':
      return <SettingsPage />;
  }
}

function NoSections({ role }: { role: string }) {
  return (
    <>
      <PageHeading title="Nothing here for your role">Nothing here for your role</PageHeading>
      <p className="lead">
        You are signed in as {nameOfRole(role).toLowerCase()}. This role works outside the console. If that is
        wrong, ask your administrator to change it.
      </p>
    </>
  );
}

function OutsideRole({ role }: { role: string }) {
  return (
    <>
      <PageHeading title="Not part of your role">This page is not part of your role</PageHeading>
      <p className="lead">
        You are signed in as {nameOfRole(role).toLowerCase()}.{' '}
        <Link to={{ page: 'home' }}>Go to your pages</Link>
      </p>
    </>
  );
}

function NotFound() {
  return (
    <>
      <PageHeading title="Page not found">Page not found</PageHeading>
      <p className="lead">
        Check the address, or <Link to={{ page: 'home' }}>go to your pages</Link>.
      </p>
    </>
  );
}
