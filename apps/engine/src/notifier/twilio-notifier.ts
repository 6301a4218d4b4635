import { NotifierError } from './error.ts';
import type { Notifier } from './notifier.ts';
import type { Recipients } from './settings.ts';

export interface TwilioOptions {
  /** `https://api.twilio.com` */
  readonly baseUrl: string;
  readonly accountSid: string;
  readonly authToken: string;
  /** The sending number, E.164. */
  readonly from: string;
  readonly recipients: Recipients;
}

const timeoutMs = 15_000;

/** One text message a recipient: https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource */
export function createTwilioNotifier(options: TwilioOptions): Notifier {
  const url = `${options.baseUrl}/2010-04-01/Accounts/${options.accountSid}/Messages.json`;
  const authorization = `Basic ${Buffer.from(`${options.accountSid}:${options.authToken}`).toString('base64')}`;

  async function sendTo(to: string, text: string): Promise<void> {
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ To: to, From: options.from, Body: text }),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      await answer.body?.cancel();
      if (answer.status !== 201)
        throw new NotifierError('notifier-unavailable', { detail: `Twilio answered ${answer.status}` });
    } catch (cause) {
      throw cause instanceof NotifierError ? cause : new NotifierError('notifier-unavailable', { cause });
    }
  }

  return {
    channel: 'twilio',
    async send(notice) {
      const results = await Promise.allSettled(
        (options.recipients.get(notice.clinicId) ?? []).map((to) => sendTo(to, notice.text)),
      );
      const failed = results.find((result) => result.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
  };
}
