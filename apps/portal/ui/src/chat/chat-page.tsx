import { PageHeading } from '../page/page-heading.tsx';

/** The chat is a page of its own, with a policy of its own; this one only has a window for it. */
export function ChatPage() {
  return (
    <>
      <PageHeading title="Ask a question">Ask a question</PageHeading>
      <p className="nhsuk-lede-text">
        Describe a problem with your teeth or gums, and find out what to do next. For an appointment or your
        bill, telephone the clinic.
      </p>
      <iframe className="chat-frame" src="/chat/" title="Chat with the clinic" />
    </>
  );
}
