/** What the page itself says among the messages. */

export function sayRemoved(removed: number): string {
  const details =
    removed === 1
      ? 'something that looks like a personal detail'
      : `${removed} things that look like personal details`;
  return `Before sending, we took out ${details}. Nobody needs them here: the clinic asks for them by telephone or in the patient portal.`;
}

export const sayRemovedByServer =
  'The clinic’s server found more that looks like personal details, and did not pass it on. Please leave such details out: the clinic asks for them by telephone or in the patient portal.';

export const sayVisitEnded =
  'Your visit has ended, because there was no question for 15 minutes, and this page has forgotten the conversation. What the clinic keeps of it has no name: nobody can tell any more that it was yours, so it can no longer be shown to you or erased by you. It is kept for up to two years. You can ask something new at any time.';
