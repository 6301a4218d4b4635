import type { Administered } from '../api.ts';
import { readText, StepForm } from './step-form.tsx';

const roles = [
  ['role.receptionist', 'Receptionist'],
  ['role.clinician', 'Clinician'],
] as const;

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
          role: readText(fields, 'role'),
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
        <select id={id('role')} name="role">
          {roles.map(([role, name]) => (
            <option key={role} value={role}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <fieldset>
        <legend>Clinics</legend>
        {place.clinics.map((clinic) => (
          <label key={clinic.id} className="choice">
            <input type="checkbox" name="clinic" value={clinic.id} defaultChecked={place.clinics.length === 1} />
            <span>{clinic.name}</span>
          </label>
        ))}
      </fieldset>
    </StepForm>
  );
} // prettier-ignore
