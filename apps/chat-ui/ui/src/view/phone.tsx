import { telephoneAddress } from '@cordon/clinic-page';

/** A link that dials a number as a clinic writes it. */
export function PhoneLink({ number }: { number: string }) {
  return <a href={telephoneAddress(number)}>{number}</a>;
}

/** Where a person answers, as the clinic writes its number; nothing where it wrote none. */
export function Phone({ number }: { number: string | null }) {
  if (number === null) return null;
  return (
    <p>
      To speak to a person, call <PhoneLink number={number} />.
    </p>
  );
}
