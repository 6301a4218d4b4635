import { z } from 'zod';
import type { RevokedSessions } from '../../caller/revoked-sessions.ts';
import { lineOfText } from '../../records/index.ts';
import { requireCertificate } from '../../server/require-certificate.ts';
import type { EngineServer } from '../../server/route-tools.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import { grantMembership, staffRoles } from './grant-membership.ts';
import { findSignInGrants } from './sign-in-grants.ts';

const grants = z.object({
  grants: z.array(
    z.object({
      tenantId: z.uuid(),
      tenantName: z.string(),
      role: z.string(),
      clinics: z.array(z.object({ id: z.uuid(), name: z.string() })),
      patientRecordId: z.uuid().nullable(),
      factorRequired: z.boolean(),
      tenantClinics: z.array(z.object({ id: z.uuid(), name: z.string() })).optional(),
    }),
  ),
});

const requireIdentity = requireCertificate('identity');

/** What identity asks over mutual TLS: who may sign in as what, and which sessions are over. */
export function registerDirectoryRoutes(
  server: EngineServer,
  engine: EngineContext,
  revoked: RevokedSessions,
): void {
  server.post('/internal/v1/sign-in-grants', {
    schema: { body: z.strictObject({ accountId: z.uuid() }), response: { 200: grants } },
    config: { decides: null },
    onRequest: requireIdentity,
    handler: async (request) => ({
      grants: await findSignInGrants(engine.stores.pools.engine_directory, request.body.accountId),
    }),
  });

  server.post('/internal/v1/memberships', {
    schema: {
      body: z.strictObject({
        grantedBy: z.uuid(),
        accountId: z.uuid(),
        tenantId: z.uuid(),
        role: z.enum(staffRoles),
        clinicIds: z.array(z.uuid()).max(200),
        // A name that cannot be shown is left out; nobody is kept from a role by it.
        displayName: lineOfText(200).optional().catch(undefined),
      }),
      response: { 200: z.object({ granted: z.boolean() }) },
    },
    config: { decides: null },
    onRequest: requireIdentity,
    handler: async (request) => ({ granted: await grantMembership(engine, request.body) }),
  });

  server.post('/internal/v1/revoked-sessions', {
    schema: {
      body: z.strictObject({
        sessionId: z.string().min(8).max(128),
        until: z.iso.datetime({ offset: true }),
      }),
      response: { 204: z.null() },
    },
    config: { decides: null },
    onRequest: requireIdentity,
    handler: async (request, reply) => {
      await revoked.revoke(request.body.sessionId, new Date(request.body.until));
      return reply.status(204).send(null);
    },
  });
}
