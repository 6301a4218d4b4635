import { z } from 'zod';
import type { RouteTools } from '../../server/route-tools.ts';
import { mostRedFlags, redFlagForm } from '../alerts/index.ts';
import { changeSettings } from './change-settings.ts';
import { readSettings } from './read-settings.ts';

const params = z.object({ clinicId: z.uuid().toLowerCase() });
const settings = z.strictObject({
  /** Keep a blacked-out picture of each page of the intake forms that come from now on. */
  keepsFormPictures: z.boolean(),
  /** Words of an intake form that raise an alert: a few small letters each, and none at all to raise none. */
  redFlags: z.array(z.string().trim().toLowerCase().regex(redFlagForm)).max(mostRedFlags),
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
