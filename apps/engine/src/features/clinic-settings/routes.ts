import { scrub } from '@cordon/pan-scrubber';
import { z } from 'zod';
import { contactSchemas } from '../../records/index.ts';
import type { RouteTools } from '../../server/route-tools.ts';
import { mostRedFlags, redFlagForm } from '../alerts/index.ts';
import { changeSettings } from './change-settings.ts';
import { readSettings } from './read-settings.ts';

const params = z.object({ clinicId: z.uuid().toLowerCase() });
/** As people write it, for it is shown as it stands; a card number may pass for a telephone number of another country. */
const telephone = z
  .string()
  .trim()
  .regex(/^\+?\d[\d ()-]{4,28}\d$/, 'not-a-phone-number')
  .refine((value) => contactSchemas.phone.safeParse(value).success, 'not-a-phone-number')
  .refine((value) => scrub(value.replace('+', '')).findings.length === 0, 'not-a-phone-number');
const settings = z.strictObject({
  /** Keep a blacked-out picture of each page of the intake forms that come from now on. */
  keepsFormPictures: z.boolean(),
  /** Words of an intake form that raise an alert: a few small letters each, and none at all to raise none. */
  redFlags: z.array(z.string().trim().toLowerCase().regex(redFlagForm)).max(mostRedFlags),
  /** Where the clinic answers patients, who are shown it; null where it wrote none. */
  telephone: telephone.nullable(),
});
const change = settings
  .partial()
  .refine((body) => Object.keys(body).length > 0, { error: 'nothing-to-change' });

/** What a clinic chooses for itself. */
export function registerClinicSettingsRoutes(tools: RouteTools): void {
  const { server, engine } = tools;

  server.get('/v1/clinics/:clinicId/settings', {
    schema: { summary: 'What a clinic that one administers has chosen', params, response: { 200: settings } },
    config: { decides: { action: 'update', dataClass: 'portalAccount' } },
    onRequest: tools.enter('read'),
    handler: (request) => readSettings(engine, tools.callerOf(request), request.params.clinicId),
  });

  server.patch('/v1/clinics/:clinicId/settings', {
    schema: {
      summary: 'Choose for a clinic that one administers',
      params,
      body: change,
      response: { 200: settings },
    },
    config: { decides: { action: 'update', dataClass: 'portalAccount' } },
    onRequest: tools.enter('write'),
    handler: (request) =>
      changeSettings(engine, tools.callerOf(request), request.params.clinicId, request.body),
  });
}
