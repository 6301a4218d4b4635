import {
  listenerTlsSettings,
  port,
  readSettings,
  secretFile,
  toListenerTls,
  url,
  type Environment,
  type ListenerTls,
} from '@cordon/service';
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { readVisitorKey } from './visitor-tokens.ts';

/**
 * As people write telephone numbers, and short enough to be one: E.164 knows at most 15 digits. It is shown and dialled, so nothing else
 * may stand in it.
 */
const phone = z
  .string()
  .trim()
  .regex(/^\+?\d[\d ()-]{4,28}\d$/, 'must be a telephone number')
  .refine((value) => value.replace(/\D/g, '').length <= 15, 'must be a telephone number');

const schema = z.object({
  CORDON_PORT: port,
  CORDON_HOST: z.string().min(1).default('127.0.0.1'),
  CORDON_PUBLIC_URL: url,
  CORDON_ENGINE_URL: url,
  /** Whose site this is: leads and chats of its visitors belong to this clinic. */
  CORDON_SITE_TENANT_ID: z.uuid(),
  CORDON_SITE_CLINIC_ID: z.uuid(),
  /** Where a person at the clinic answers; shown in the chat. */
  CORDON_SITE_PHONE: phone.optional(),
  CORDON_VISITOR_KEY_FILE: secretFile.transform((pem, context) => {
    try {
      return readVisitorKey(pem);
    } catch {
      context.addIssue({ code: 'custom', message: 'must name a file with an EC P-256 private key in PEM' });
      return z.NEVER;
    }
  }),
  CORDON_TRUSTED_PROXIES: z.string().min(1).optional(),
  ...listenerTlsSettings,
});

export interface WebSettings {
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string;
  readonly engineUrl: string;
  readonly site: { readonly tenantId: string; readonly clinicId: string };
  readonly phone: string | undefined;
  readonly visitorKey: KeyObject;
  readonly trustedProxies: string[] | undefined;
  readonly tls: ListenerTls | undefined;
}

/** @throws ServiceError `settings-invalid` naming everything that is missing or wrong. */
export function readWebSettings(environment: Environment = process.env): WebSettings {
  const values = readSettings(schema, environment);
  return {
    host: values.CORDON_HOST,
    port: values.CORDON_PORT,
    publicUrl: values.CORDON_PUBLIC_URL,
    engineUrl: values.CORDON_ENGINE_URL,
    site: { tenantId: values.CORDON_SITE_TENANT_ID, clinicId: values.CORDON_SITE_CLINIC_ID },
    phone: values.CORDON_SITE_PHONE,
    visitorKey: values.CORDON_VISITOR_KEY_FILE,
    trustedProxies: values.CORDON_TRUSTED_PROXIES?.split(',').map((address) => address.trim()),
    tls: toListenerTls(values),
  };
}
