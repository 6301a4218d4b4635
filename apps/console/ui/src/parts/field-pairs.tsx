import { ScrubbedText } from './scrubbed-text.tsx';

/** A field's words and what it says; null leaves it out. */
export type FieldPair = readonly [name: string, text: string | null];

/** What stands in a record's fields, as it was written. */
export function FieldPairs({ pairs }: { pairs: readonly FieldPair[] }) {
  return (
    <dl className="pairs">
      {pairs.map(([name, text]) =>
        text === null ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="read-text">
              <ScrubbedText text={text} />
            </dd>
          </div>
        ),
      )}
    </dl>
  );
}
