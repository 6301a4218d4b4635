import type { ReactNode } from 'react';
import { useAlertBadge } from '../alerts/use-alert-badge.ts';
import {
  AlertsIcon,
  AuditIcon,
  ClinicsIcon,
  ControlsIcon,
  EmergencyIcon,
  EnquiriesIcon,
  IntakeIcon,
  PatientsIcon,
  ReviewsIcon,
  SettingsIcon,
  TodayIcon,
} from '../parts/icons.tsx';
import type { Section } from '../parts/roles.ts';
import { Link } from '../routing/link.tsx';
import type { Route } from '../routing/routes.ts';

const ENTRIES: Record<Section, { readonly label: string; readonly icon: ReactNode }> = {
  today: { label: 'Today', icon: <TodayIcon /> },
  intake: { label: 'Intake', icon: <IntakeIcon /> },
  patients: { label: 'Patients', icon: <PatientsIcon /> },
  alerts: { label: 'Alerts', icon: <AlertsIcon /> },
  enquiries: { label: 'Enquiries', icon: <EnquiriesIcon /> },
  emergency: { label: 'Emergency', icon: <EmergencyIcon /> },
  clinics: { label: 'Clinics', icon: <ClinicsIcon /> },
  reviews: { label: 'Reviews', icon: <ReviewsIcon /> },
  audit: { label: 'Audit', icon: <AuditIcon /> },
  controls: { label: 'Controls', icon: <ControlsIcon /> },
  settings: { label: 'Settings', icon: <SettingsIcon /> },
};

export function Navigation({ sections, route }: { sections: readonly Section[]; route: Route }) {
  const badge = useAlertBadge();
  if (sections.length === 0) return null;
  const current: string = route.page === 'patient' ? 'patients' : route.page;
  return (
    <nav className="navigation" aria-label="Console">
      <ul>
        {sections.map((section) => (
          <li key={section}>
            <Link
              to={{ page: section }}
              className="navigation-link"
              aria-current={section === current ? (route.page === section ? 'page' : 'true') : undefined}
            >
              {ENTRIES[section].icon}
              {ENTRIES[section].label}
              {section === 'alerts' && badge.open > 0 && (
                <span className={badge.urgent > 0 ? 'badge badge-urgent' : 'badge'}>
                  {badge.open}
                  <span className="visually-hidden"> waiting</span>
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
