import { readSettings, secretJson, ServiceError, url, type Environment, type Logger } from '@cordon/service';
import { isLoopbackHost } from '@cordon/web-guard';
import { z } from 'zod';
import { shippedRegister } from '../agreements/index.ts';
import { requireAgreement } from './agreements.ts';
import type { Notifier } from './notifier.ts';
import { createSmtpNotifier } from './smtp-notifier.ts';
import { createTwilioNotifier } from './twilio-notifier.ts';

/** Whom each clinic has named: addresses or telephone numbers by the clinic's id. */
export type Recipients = ReadonlyMap<string, readonly string[]>;

export interface NotifierSettings {
  readonly production: boolean;
  /** Where people sign in, to stand in the notice. */
  readonly consoleUrl: string | undefined;
  /** Undefined for the console, which no vendor sees. */
  readonly vendor: { readonly name: string; readonly register: string } | undefined;
  readonly make: (logger: Logger) => Notifier;
}

const recipients = (each: z.ZodString | z.ZodEmail) =>
  secretJson(z.record(z.uuid(), z.array(each).max(10)).transform((read) => new Map(Object.entries(read))));
const telephone = z.string().regex(/^\+[1-9]\d{6,14}$/);

const common = z.object({
  CORDON_ENV: z.enum(['demo', 'production']),
  CORDON_NOTIFIER: z.enum(['console', 'smtp', 'twilio']).default('console'),
  CORDON_CONSOLE_URL: url.optional(),
  CORDON_AGREEMENTS_FILE: z.string().min(1).default(shippedRegister),
});
const smtp = z.object({
  CORDON_SMTP_URL: z.url({ protocol: /^smtps?$/ }),
  CORDON_SMTP_FROM: z.email(),
  CORDON_SMTP_VENDOR: z.string().min(1).max(100),
  CORDON_SMTP_CREDENTIALS_FILE: secretJson(z.strictObject({ user: z.string().min(1), pass: z.string().min(1) })).optional(),
  CORDON_NOTIFIER_RECIPIENTS_FILE: recipients(z.email()),
}); // prettier-ignore
const twilio = z.object({
  CORDON_TWILIO_URL: url.default('https://api.twilio.com'),
  CORDON_TWILIO_CREDENTIALS_FILE: secretJson(
    z.strictObject({ accountSid: z.string().regex(/^AC[0-9a-f]{32}$/), authToken: z.string().min(16) }),
  ),
  CORDON_TWILIO_FROM: telephone,
  CORDON_NOTIFIER_RECIPIENTS_FILE: recipients(telephone),
});

/** @throws ServiceError `settings-invalid`, naming everything that is missing or wrong. */
export function readNotifierSettings(environment: Environment): NotifierSettings {
  const read = readSettings(common, environment);
  const settings = {
    production: read.CORDON_ENV === 'production',
    consoleUrl: read.CORDON_CONSOLE_URL,
  };
  const vendorOf = (name: string) => ({ name, register: read.CORDON_AGREEMENTS_FILE });
  if (read.CORDON_NOTIFIER === 'smtp') return { ...settings, ...readSmtp(environment, vendorOf) };
  if (read.CORDON_NOTIFIER === 'twilio') return { ...settings, ...readTwilio(environment, vendorOf) };
  return { ...settings, vendor: undefined, make: createConsoleNotifier };
}

type Vendor = NonNullable<NotifierSettings['vendor']>;

function readSmtp(environment: Environment, vendorOf: (name: string) => Vendor) {
  const read = readSettings(smtp, environment);
  const { hostname, port, protocol } = new URL(read.CORDON_SMTP_URL);
  const implicitTls = protocol === 'smtps:';
  const options = {
    host: hostname,
    port: Number(port || (implicitTls ? 465 : 587)),
    implicitTls,
    requireTls: !isLoopbackHost(hostname),
    from: read.CORDON_SMTP_FROM,
    credentials: read.CORDON_SMTP_CREDENTIALS_FILE,
    recipients: read.CORDON_NOTIFIER_RECIPIENTS_FILE,
  };
  return { vendor: vendorOf(read.CORDON_SMTP_VENDOR), make: () => createSmtpNotifier(options) };
}

function readTwilio(environment: Environment, vendorOf: (name: string) => Vendor) {
  const read = readSettings(twilio, environment);
  const baseUrl = new URL(read.CORDON_TWILIO_URL);
  if (baseUrl.protocol !== 'https:' && !isLoopbackHost(baseUrl.hostname))
    throw new ServiceError(
      'settings-invalid',
      'The settings are not complete. CORDON_TWILIO_URL: beyond this machine it must be an https address.',
    );
  const options = {
    baseUrl: baseUrl.href.replace(/\/$/, ''),
    ...read.CORDON_TWILIO_CREDENTIALS_FILE,
    from: read.CORDON_TWILIO_FROM,
    recipients: read.CORDON_NOTIFIER_RECIPIENTS_FILE,
  };
  return { vendor: vendorOf('Twilio'), make: () => createTwilioNotifier(options) };
}

/** For installations that tell nobody outside: a line of the log, with ids. */
function createConsoleNotifier(logger: Logger): Notifier {
  return {
    channel: 'console',
    send(notice) {
      logger.info('alert notice', { component: 'alerts', tenantId: notice.tenantId, clinicId: notice.clinicId });
      return Promise.resolve();
    },
  };
} // prettier-ignore

/** @throws NotifierError `notifier-agreement-missing` in production, before anything leaves; the engine does not start. */
export function openNotifier(settings: NotifierSettings, logger: Logger): Notifier {
  if (settings.production && settings.vendor !== undefined)
    requireAgreement(settings.vendor.register, settings.vendor.name);
  return settings.make(logger);
}
