import type { ReactNode } from 'react';
import { AlertsIcon, AuditIcon, IntakeIcon, PatientsIcon } from '../parts/icons.tsx';
import type { Section } from '../parts/roles.ts';
import { Link } from '../routing/link.tsx';
import type { Route } from '../routing/routes.ts';

const ENTRIES: Record<Section, { readonly label: string; readonly icon: ReactNode }> = {
  intake: { label: 'Intake', icon: <IntakeIcon /> },
  patients: { label: 'Patients', icon: <PatientsIcon /> },
  alerts: { label: 'Alerts', icon: <AlertsIcon /> },
  audit: { label: 'Audit', icon: <AuditIcon /> },
};

export function Navigation({ sections, route }: { sections: readonly Section[]; route: Route }) {
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
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
