import { useState } from 'react';
import type { Message } from '../conversation/conversation.ts';
import { useConversation } from '../conversation/use-conversation.ts';
import type { Kept } from '../conversation/use-kept-conversation.ts';
import type { ChatSettings } from '../service/chat-service.ts';
import { eraseConversation } from '../service/patient-service.ts';
import { eraseOwnConversation, readOwnConversation } from '../service/visitor-service.ts';
import { Composer } from './composer.tsx';
import { ContactRequest } from './contact-request.tsx';
import { Earlier } from './earlier.tsx';
import { Emergency } from './emergency.tsx';
import { HandOver } from './hand-over.tsx';
import { KeptWords } from './kept-words.tsx';
import { Messages } from './messages.tsx';
import { PlainButton } from './plain-button.tsx';
import { Problem } from './problem.tsx';
import { useAttempt } from './use-attempt.ts';
import { VisitEnd } from './visit-end.tsx';

interface TalkProps {
  readonly settings: ChatSettings;
  readonly kept: Kept;
  /** Of a visitor. */
  readonly visitEndsAt: number | null;
  readonly arrived: boolean;
  /** A patient takes their consent back: nothing more is asked. */
  readonly onWithdraw: () => Promise<void>;
}

const reload = (): void => {
  window.location.reload();
};

export function Talk({ settings: { audience, phone }, kept, visitEndsAt, arrived, onWithdraw }: TalkProps) {
  const talk = useConversation(audience, kept.conversation, visitEndsAt);
  const { conversation, busy } = talk;
  const { id, messages, emergency, state } = conversation;
  const [turn, setTurn] = useState(arrived ? 1 : 0);
  const [done, setDone] = useState('');
  const [contact, setContact] = useState<'not-asked' | 'open' | 'sent'>('not-asked');
  const [words, setWords] = useState<readonly Message[] | null>(null);
  const isPatient = audience === 'patients';
  const isTalking = contact !== 'open' && words === null;
  const { attempt, failed } = useAttempt();
  const asked = messages.some(({ author }) => author === 'person');
  const goOnWriting = (): void => {
    setTurn(turn + 1);
  };
  const beginAnew = (said: string): void => {
    talk.forget();
    setWords(null);
    setDone(said);
    goOnWriting();
  };
  const askAgain = (): void => {
    void talk.askAgain();
    goOnWriting();
  };
  const erase = async (): Promise<void> => {
    if (id !== null) await (isPatient ? eraseConversation(id) : eraseOwnConversation(id));
    beginAnew('The conversation has been erased, here and at the clinic.');
  };
  const endVisit = (): void => {
    setWords(null);
    talk.endVisit();
  };
  const showKept = async (): Promise<void> => {
    setWords(id === null ? [] : await readOwnConversation(id));
  };
  return (
    <>
      {emergency && <Emergency phone={phone} />}
      {kept.error !== null && <Problem error={kept.error} onRetry={reload} />}
      {talk.visitEndsAt !== null && asked && !busy && (
        <VisitEnd endsAt={talk.visitEndsAt} onGoOn={() => talk.goOn().then(goOnWriting)} onEnd={endVisit} />
      )}
      {words !== null && (
        <KeptWords
          words={words}
          onClose={() => {
            setWords(null);
            goOnWriting();
          }}
        />
      )}
      {isTalking && (
        <Messages messages={messages} mayAskAgain={!busy && talk.failed === null} onAskAgain={askAgain} />
      )}
      <p className="done" role="status">
        {messages.length === 0 ? done : ''}
      </p>
      {talk.failed !== null && (
        <Problem error={talk.failed.error} onRetry={talk.failed.asked ? askAgain : undefined} />
      )}
      {failed !== null && <Problem error={failed.error} onRetry={failed.again} />}
      {state === 'open' && isTalking && (
        <Composer busy={busy} turn={turn} onSend={talk.ask} onStop={talk.stop} />
      )}
      {isPatient ? (
        <HandOver
          conversationId={messages.length > 0 ? id : null}
          handedOver={state === 'handed-over'}
          phone={phone}
          onHandedOver={talk.handOver}
        />
      ) : (
        <ContactRequest
          phone={phone}
          open={contact === 'open'}
          sent={contact === 'sent'}
          onOpen={(open) => {
            setContact(open ? 'open' : 'not-asked');
          }}
          onSent={() => {
            setContact('sent');
            goOnWriting();
          }}
        />
      )}
      <div className="footer">
        {state === 'handed-over' && (
          <PlainButton
            onPress={() => {
              beginAnew('');
            }}
          >
            Begin a new conversation
          </PlainButton>
        )}
        {asked && !isPatient && isTalking && (
          <PlainButton
            busy={busy}
            onPress={() => {
              attempt(showKept);
            }}
          >
            See what is kept
          </PlainButton>
        )}
        {asked && contact !== 'open' && (
          <PlainButton
            busy={busy}
            onPress={() => {
              attempt(erase);
            }}
          >
            Erase this conversation
          </PlainButton>
        )}
        {isPatient && (
          <PlainButton
            busy={busy}
            onPress={() => {
              attempt(onWithdraw);
            }}
          >
            Withdraw my consent
          </PlainButton>
        )}
      </div>
      {isPatient && <Earlier conversations={kept.earlier} />}
    </>
  );
}
