/** Where a person answers, as the clinic writes its number; nothing where it wrote none. */
export function Phone({ number }: { number: string | null }) {
  if (number === null) return null;
  const dialled = number.replace('(0)', '').replaceAll(/[^\d+]/g, '');
  return (
    <p>
      To speak to a person, call <a href={`tel:${dialled}`}>{number}</a>.
    </p>
  );
}
