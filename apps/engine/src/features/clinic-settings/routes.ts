import { z } from 'zod';
import type { RouteTools } from '../../server/route-tools.ts';
import { changeSettings } from './change-settings.ts';
import { readSettings } from './read-settings.ts';

const params = z.object({ clinicId: z.uuid().toLowerCase() });
const settings = z.strictObject({
  /** Keep a blacked-out picture of each page of the intake forms that come from now on. */
  keepsFormPictures: z.boolean(),
});

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
      body: settings,
      response: { 200: settings },
    },
    config: { decides: { action: 'update', dataClass: 'portalAccount' } },
    onRequest: tools.enter('write'),
    handler: async (request) => {
      await changeSettings(engine, tools.callerOf(request), request.params.clinicId, request.body);
      return request.body;
    },
  });
}
