/** What people outside are told of an alert: that there is one, where, and nothing of whom it is about. */
export interface Notice {
  /** The same for each attempt, so that whoever receives two knows them for one. */
  readonly id: string;
  readonly tenantId: string;
  readonly clinicId: string;
  readonly subject: string;
  readonly text: string;
}

/** Tells the people whom a clinic has named for it. */
export interface Notifier {
  readonly channel: 'console' | 'smtp' | 'twilio';
  /** @throws NotifierError `notifier-unavailable` where it cannot be said that the notice left. */
  send(notice: Notice): Promise<void>;
}

export type NoticeReason = 'raised' | 'escalated';

/** Codes and a link: the clinic by its code, nobody by name. */
export function writeNotice(about: {
  readonly alertId: string;
  readonly tenantId: string;
  readonly clinicId: string;
  readonly clinicSlug: string;
  readonly reason: NoticeReason;
  readonly repeated: boolean;
  readonly consoleUrl: string | undefined;
}): Notice {
  const what =
    about.reason === 'raised'
      ? `An alert waits at ${about.clinicSlug}.`
      : `Nobody has taken an alert at ${about.clinicSlug} in time; it was passed on.`;
  const again = about.repeated ? 'Repeated, you may have had this already. ' : '';
  const where = about.consoleUrl === undefined ? 'Sign in to the console' : `Sign in: ${about.consoleUrl}`;
  return {
    id: `${about.alertId}.${about.reason}`,
    tenantId: about.tenantId,
    clinicId: about.clinicId,
    subject: about.reason === 'raised' ? 'Cordon: an alert waits' : 'Cordon: an alert was passed on',
    text: `${again}${what} ${where}`,
  };
}
