import { useWorkplace } from './workplace-context.ts';

/** Chooses the clinic one works in; with a single clinic it only says which. */
export function ClinicField({ id, hint }: { id: string; hint?: string }) {
  const { me, clinic, chooseClinic } = useWorkplace();
  if (clinic === null) return null;
  if (me.clinics.length === 1)
    return (
      <p className="field field-fixed">
        <span className="label">Clinic</span>
        <span>{clinic.name}</span>
      </p>
    );
  return (
    <div className="field">
      <label className="label" htmlFor={id}>
        Clinic
      </label>
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <select
        id={id}
        className="input"
        value={clinic.id}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => {
          chooseClinic(event.target.value);
        }}
      >
        {me.clinics.map(({ id: clinicId, name }) => (
          <option key={clinicId} value={clinicId}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
