import { createTransport } from 'nodemailer';
import { NotifierError } from './error.ts';
import type { Notifier } from './notifier.ts';
import type { Recipients } from './settings.ts';

export interface SmtpOptions {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (smtps); otherwise STARTTLS, which is then asked for and not merely offered. */
  readonly implicitTls: boolean;
  /** False on this machine's loopback alone. */
  readonly requireTls: boolean;
  readonly from: string;
  readonly credentials: { readonly user: string; readonly pass: string } | undefined;
  readonly recipients: Recipients;
}

const timeoutMs = 15_000;

/** RFC 5321, by nodemailer. An attempt that is repeated carries the same Message-ID (RFC 5322, 3.6.4). */
export function createSmtpNotifier(options: SmtpOptions): Notifier {
  const transport = createTransport({
    host: options.host,
    port: options.port,
    secure: options.implicitTls,
    requireTLS: options.requireTls && !options.implicitTls,
    ignoreTLS: !options.requireTls,
    tls: { minVersion: 'TLSv1.2' },
    ...(options.credentials && { auth: options.credentials }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    channel: 'smtp',
    async send(notice) {
      const to = options.recipients.get(notice.clinicId) ?? [];
      if (to.length === 0) return;
      try {
        await transport.sendMail({
          from: options.from,
          // Each sees their own address alone.
          bcc: [...to],
          subject: notice.subject,
          text: notice.text,
          messageId: `<${notice.id}@cordon.invalid>`,
        });
      } catch (cause) {
        throw new NotifierError('notifier-unavailable', { detail: 'the mail server took no notice', cause });
      }
    },
  };
}
