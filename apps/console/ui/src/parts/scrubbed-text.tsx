import { splitAtRedactions } from './redacted-text.ts';

/** Text of a record, inert, with the places where a card number was removed made visible. */
export function ScrubbedText({ text }: { text: string }) {
  return splitAtRedactions(text).map((part, index) =>
    part.redacted ? (
      <mark key={index} className="redaction" title="A card number was removed here before storage">
        {part.text}
      </mark>
    ) : (
      <span key={index}>{part.text}</span>
    ),
  );
}
