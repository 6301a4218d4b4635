/** A number to call, as its clinic writes it. */
export function Phone({ number }: { number: string }) {
  return <a href={`tel:${number.replace('(0)', '').replaceAll(/[^\d+]/g, '')}`}>{number}</a>;
}
