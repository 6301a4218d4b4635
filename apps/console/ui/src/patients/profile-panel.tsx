import { formatNhsNumber, keepPostcodes } from '@cordon/clinic-page';
import type { PatientProfile } from '../api/types.ts';
import { ScrubbedText } from '../parts/scrubbed-text.tsx';
import { sayMissing } from './profile-fields.ts';

interface Row {
  readonly field: keyof PatientProfile;
  readonly name: string;
  readonly say?: (value: string) => string;
}

const ROWS: readonly Row[] = [
  { field: 'nhsNumber', name: 'NHS number', say: formatNhsNumber },
  { field: 'phone', name: 'Phone' },
  { field: 'email', name: 'Email' },
  { field: 'address', name: 'Address', say: keepPostcodes },
  { field: 'emergencyContact', name: 'Emergency contact' },
];

export function ProfilePanel({ profile, role }: { profile: PatientProfile | null; role: string }) {
  return (
    <section className="panel" aria-labelledby="profile-heading">
      <h2 id="profile-heading">Details</h2>
      {profile === null ? (
        <p className="missing">
          The details cannot be shown: they were erased, are damaged, or are not for your role.
        </p>
      ) : (
        <dl className="pairs">
          {ROWS.map(({ field, name, say }) => {
            const value = profile[field];
            return (
              <div key={field}>
                <dt>{name}</dt>
                <dd>
                  {value === null ? (
                    <span className="missing">{sayMissing(role, field)}</span>
                  ) : (
                    <ScrubbedText text={say === undefined ? value : say(value)} />
                  )}
                </dd>
              </div>
            );
          })}
        </dl>
      )}
    </section>
  );
}
