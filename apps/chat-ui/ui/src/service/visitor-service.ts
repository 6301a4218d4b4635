import { deleteJson, getJson, postJson, RequestError, toRequestError } from '@cordon/clinic-page';
import { toMessages, type Message } from '../conversation/conversation.ts';

/** Counts up with every change of the words of consent in the form. */
export const contactWordingVersion = 1;

export interface ContactRequest {
  readonly fullName: string;
  /** A telephone number or an e-mail address. */
  readonly contact: string;
  /** One of the form's own subjects: no free text, in which somebody would write about their health. */
  readonly about: string;
}

/** While it lasts the server knows which conversations are this visitor's, and afterwards nobody does. */
export interface Visit {
  /** Epoch milliseconds: 15 minutes after it was begun or renewed last. */
  readonly endsAt: number;
  /** Whether it is still the one of before. */
  readonly renewed: boolean;
}

/** Longer than this a page waits for no visit: the network is gone, though nobody has said so. */
const longestWaitMs = 30_000;

/** Begins a visit, or renews the one that lasts. Throws RequestError. */
export async function renewVisit(signal?: AbortSignal): Promise<Visit> {
  const asked = Date.now();
  const patience = AbortSignal.timeout(longestWaitMs);
  const { seconds, renewed } = await postJson<{ seconds: number; renewed: boolean }>(
    '/visit',
    {},
    { signal: signal === undefined ? patience : AbortSignal.any([signal, patience]) },
  );
  return { endsAt: asked + seconds * 1_000, renewed };
}

/** Throws RequestError. */
export const endVisit = (): Promise<void> => deleteJson('/visit');

/** Nobody signs a visitor in: what the server refuses for want of a session is told as the visit's end. */
export function asVisitor(failure: unknown): RequestError {
  const error = toRequestError(failure);
  if (error.code !== 'session-ended') return error;
  return new RequestError('rejected', 'Your visit has ended.', { problem: 'visit-ended', cause: error });
}

/** Does what a visitor asked; a visit that has ended begins anew. Throws what `work` throws. */
async function duringVisit<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (failure) {
    if (toRequestError(failure).code !== 'session-ended') throw failure;
    await renewVisit();
    return await work().catch((again: unknown) => {
      throw asVisitor(again);
    });
  }
}

const path = (id: string): string => `/api/v1/ai/visitor-conversations/${encodeURIComponent(id)}`;

/** What the clinic keeps of a conversation of this visit; nothing where nothing was kept. Throws RequestError. */
export async function readOwnConversation(id: string): Promise<readonly Message[]> {
  try {
    const { turns } = await getJson<{ turns: readonly { speaker: string; text: string }[] }>(path(id));
    return toMessages(id, turns);
  } catch (failure) {
    if (toRequestError(failure).code === 'not-found') return [];
    throw asVisitor(failure);
  }
}

/** The words are destroyed. Throws RequestError. */
export async function eraseOwnConversation(id: string): Promise<void> {
  try {
    await deleteJson(path(id));
  } catch (failure) {
    throw asVisitor(failure);
  }
}

/** Asks the clinic to get in touch; nothing of the conversation goes with it. Throws RequestError. */
export async function leaveContactRequest(
  { fullName, contact, about }: ContactRequest,
  idempotencyKey: string,
): Promise<void> {
  await duringVisit(() =>
    postJson(
      '/api/v1/leads',
      {
        fullName,
        contact,
        message: `Asked in the chat of the site to be contacted about: ${about}`,
        consentToContact: true,
        consentWordingVersion: contactWordingVersion,
      },
      { idempotencyKey },
    ),
  );
}
