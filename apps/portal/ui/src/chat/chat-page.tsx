import { telephoneAddress } from '@cordon/clinic-page';
import type { Me } from '../api/types.ts';
import { PageHeading } from '../page/page-heading.tsx';

/** The chat is a page of its own, with a policy of its own; this one only has a window for it. */
export function ChatPage({ me }: { me: Me }) {
  const telephone = me.clinics[0]?.telephone ?? null;
  return (
    <>
      <PageHeading title="Ask a question">Ask a question</PageHeading>
      <p className="nhsuk-lede-text">
        Describe a problem with your teeth or gums, and find out what to do next. For an appointment or your
        bill, telephone the clinic
        {telephone !== null && (
          <>
            {' '}
            on <a href={telephoneAddress(telephone)}>{telephone}</a>
          </>
        )}
        .
      </p>
      <iframe className="chat-frame" src="/chat/" title="Chat with the clinic" />
    </>
  );
}
