import { postJson, toRequestError } from '@cordon/clinic-page';

/** Counts up with every change of the words of consent in the form. */
export const contactWordingVersion = 1;

export interface ContactRequest {
  readonly fullName: string;
  /** A telephone number or an e-mail address. */
  readonly contact: string;
  /** One of the form's own subjects: no free text, in which somebody would write about their health. */
  readonly about: string;
}

/** Of a visitor; it lasts 15 minutes. Throws RequestError. */
export async function beginVisit(): Promise<void> {
  await postJson('/visit', {});
}

/** Does what a visitor asked; a visit that has ended begins anew. Throws what `work` throws. */
export async function duringVisit<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (failure) {
    if (toRequestError(failure).code !== 'session-ended') throw failure;
    await beginVisit();
    return work();
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
