import type { PatientProfile } from '../api/types.ts';
import { formatNhsNumber } from '../parts/format.ts';
import { ScrubbedText } from '../parts/scrubbed-text.tsx';

const ROWS: readonly { readonly name: string; readonly value: (profile: PatientProfile) => string | null }[] =
  [
    {
      name: 'NHS number',
      value: ({ nhsNumber }) => (nhsNumber === null ? null : formatNhsNumber(nhsNumber)),
    },
    { name: 'Phone', value: ({ phone }) => phone },
    { name: 'Email', value: ({ email }) => email },
    { name: 'Address', value: ({ address }) => address },
    { name: 'Emergency contact', value: ({ emergencyContact }) => emergencyContact },
  ];

export function ProfilePanel({ profile }: { profile: PatientProfile | null }) {
  return (
    <section className="panel" aria-labelledby="profile-heading">
      <h2 id="profile-heading">Details</h2>
      {profile === null ? (
        <p className="missing">
          The details cannot be shown: they were erased, are damaged, or are not for your role.
        </p>
      ) : (
        <dl className="pairs">
          {ROWS.map(({ name, value }) => {
            const text = value(profile);
            return (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  {text === null ? <span className="missing">Not given</span> : <ScrubbedText text={text} />}
                </dd>
              </div>
            );
          })}
        </dl>
      )}
    </section>
  );
}
