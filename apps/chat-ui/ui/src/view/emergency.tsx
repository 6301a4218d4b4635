import { PhoneLink } from './phone.tsx';

/** Shown as soon as a word of danger is sent, and from then on: it waits for nobody. */
export function Emergency({ phone }: { phone: string | null }) {
  return (
    <section className="emergency" role="alert" aria-labelledby="emergency-heading">
      <h2 id="emergency-heading">This may be an emergency</h2>
      <p>
        <strong>
          Call <a href="tel:999">999</a> now
        </strong>{' '}
        if you have trouble breathing or swallowing, swelling of the eye, neck or tongue, bleeding that does
        not stop, a head injury, or chest pain.
      </p>
      <p>
        For urgent dental advice at any hour call <a href="tel:111">111</a>. If you feel you cannot keep
        yourself safe, call 999, or Samaritans on <a href="tel:116123">116 123</a>.
      </p>
      {phone !== null && (
        <p>
          For anything that is not an emergency the clinic itself answers at <PhoneLink number={phone} /> in
          its opening hours.
        </p>
      )}
      <p>Do not wait for an answer in this chat.</p>
    </section>
  );
}
