import type { Message } from '../conversation/conversation.ts';
import { MessageItem } from './messages.tsx';
import { useFocusWhen } from './use-focus-when.ts';

/** What the clinic's server keeps of a visitor's conversation, word for word. */
export function KeptWords({ words, onClose }: { words: readonly Message[]; onClose: () => void }) {
  const heading = useFocusWhen<HTMLHeadingElement>(true);
  return (
    <section className="kept-words" aria-labelledby="kept-heading">
      <h2 id="kept-heading" ref={heading} tabIndex={-1}>
        What the clinic keeps of this conversation
      </h2>
      {words.length === 0 ? (
        <p>Nothing is kept of it.</p>
      ) : (
        <>
          <p>
            These words, for up to two years, and nothing about who wrote them. You can erase them until your
            visit ends.
          </p>
          <ol className="messages">
            {words.map((message) => (
              <MessageItem key={message.id} message={message} />
            ))}
          </ol>
        </>
      )}
      <button type="button" onClick={onClose}>
        Back to the chat
      </button>
    </section>
  );
}
