import { useState } from 'react';
import type { Administered } from '../api.ts';
import { readText, StepForm } from './step-form.tsx';

const roles = [
  ['role.receptionist', 'Receptionist'],
  ['role.clinician', 'Clinician'],
] as const;
/** What only an administrator of the whole organisation gives. */
const furtherRoles = [
  ['role.admin', 'Administrator of clinics'],
  ['role.corporateAdmin', 'Administrator of the whole organisation'],
  ['role.auditor', 'Auditor of the whole organisation'],
  ['role.externalContractor', 'External contractor'],
] as const;
const withoutClinics: ReadonlySet<string> = new Set([
  'role.corporateAdmin',
  'role.auditor',
  'role.externalContractor',
]);

/** Invites somebody into the clinics of one organisation; which of them are offered, the server says. */
export function InviteForm({
  place,
  busy,
  onInvite,
}: {
  place: Administered;
  busy: boolean;
  onInvite: (invitation: object) => void;
}) {
  const [role, setRole] = useState<string>(roles[0][0]);
  const offered = place.wholeTenant ? [...roles, ...furtherRoles] : roles;
  const id = (name: string) => `${name}-${place.tenantId}`;
  return (
    <StepForm
      busy={busy}
      submitLabel={`Invite to ${place.tenantName}`}
      onSubmit={(fields) => {
        onInvite({
          tenantId: place.tenantId,
          email: readText(fields, 'email').trim(),
          displayName: readText(fields, 'name').trim(),
          role,
          clinicIds: fields.getAll('clinic'),
        });
      }}
    >
      <div className="field">
        <label htmlFor={id('name')}>Name</label>
        <input id={id('name')} name="name" type="text" autoComplete="off" maxLength={200} required />
      </div>
      <div className="field">
        <label htmlFor={id('email')}>E-mail address at work</label>
        <input id={id('email')} name="email" type="email" autoComplete="off" maxLength={254} required />
      </div>
      <div className="field">
        <label htmlFor={id('role')}>Works as</label>
        <select id={id('role')} name="role" value={role} onChange={(event) => { setRole(event.currentTarget.value); }}>
          {offered.map(([each, name]) => (
            <option key={each} value={each}>
              {name}
            </option>
          ))}
        </select>
      </div>
      {!withoutClinics.has(role) && <fieldset>
        <legend>Clinics</legend>
        {place.clinics.map((clinic) => (
          <label key={clinic.id} className="choice">
            <input type="checkbox" name="clinic" value={clinic.id} defaultChecked={place.clinics.length === 1} />
            <span>{clinic.name}</span>
          </label>
        ))}
      </fieldset>}
    </StepForm>
  );
} // prettier-ignore
