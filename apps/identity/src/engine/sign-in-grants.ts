import { Agent, request } from 'node:https';
import { z } from 'zod';
import { IdentityError } from '../error.ts';
import type { EngineSettings } from '../settings.ts';

const id = z.uuid();
const answer = z.object({
  grants: z
    .array(
      z.object({
        tenantId: id,
        tenantName: z.string().max(200),
        role: z.string().regex(/^role\.[A-Za-z]{1,60}$/),
        clinics: z.array(z.object({ id, name: z.string().max(200) })).max(1000),
        patientRecordId: id.nullable(),
        factorRequired: z.boolean(),
        /** For who administers the whole tenant: into which clinics others may be invited. No scopes come of it. */
        tenantClinics: z
          .array(z.object({ id, name: z.string().max(200) }))
          .max(1000)
          .optional(),
      }),
    )
    .max(200),
});

/** What one account may be for one tenant, as the engine says at this moment. */
export type SignInGrant = z.output<typeof answer>['grants'][number];

/** Roles that an administrator can give; which of them, and where, is the engine's decision. */
export const staffRoles = ['role.clinician', 'role.receptionist', 'role.admin', 'role.externalContractor', 'role.corporateAdmin', 'role.auditor'] as const; // prettier-ignore
export type StaffRole = (typeof staffRoles)[number];

const granting = z.object({ granted: z.boolean() });

export interface EngineGrants {
  /**
   * Asks the engine, each time anew: an answer is never kept.
   * @throws IdentityError `identity-engine-unavailable` when there is no good answer in time. Fail closed.
   */
  signInGrants(accountId: string): Promise<readonly SignInGrant[]>;
  /**
   * From the answer on, the engine refuses access tokens of this session until the given time.
   * @throws IdentityError `identity-engine-unavailable`
   */
  revokeSession(sid: string, until: Date): Promise<void>;
  /**
   * Gives an account a role in clinics of a tenant, or, with no clinics, in the whole tenant.
   * @returns false when the giver may not, as the engine says at this moment.
   * @throws IdentityError `identity-engine-unavailable`
   */
  grantMembership(ask: {
    grantedBy: string;
    accountId: string;
    tenantId: string;
    role: StaffRole;
    clinicIds: readonly string[];
    /** What the giver calls them; the engine shows it to those who book with them. */
    displayName?: string;
  }): Promise<boolean>;
  close(): void;
}

const unavailable = (cause: unknown) =>
  new IdentityError('identity-engine-unavailable', { cause, retryAfterSeconds: 5 });

class StaleConnection extends Error {
  constructor(options: { cause: Error }) {
    super('a connection that was kept did not answer', options);
  }
}

/** A person waits for it at the sign-in. */
const defaultPatienceMs = 3_000;
const largestAnswer = 1024 * 1024;

/**
 * Speaks to the engine's internal listener with a client certificate; the engine's own certificate is verified in full.
 * @param patienceMs how long a question may go without its whole answer
 */
export function createEngineGrants(settings: EngineSettings, patienceMs = defaultPatienceMs): EngineGrants {
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 32,
    cert: settings.cert,
    key: settings.key,
    ca: settings.ca,
    minVersion: 'TLSv1.3',
  });

  const postOnce = (path: string, body: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const call = request(
        new URL(path, settings.url),
        {
          agent,
          method: 'POST',
          headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
        },
        (response) => {
          const parts: Buffer[] = [];
          let size = 0;
          response.on('data', (part: Buffer) => {
            size += part.length;
            if (size > largestAnswer) response.destroy(new Error('the answer is too large'));
            else parts.push(part);
          });
          response.on('error', reject);
          response.on('end', () => {
            if (response.statusCode === 200 || response.statusCode === 204)
              resolve(Buffer.concat(parts).toString('utf8'));
            else reject(new Error(`the engine answered ${response.statusCode ?? 0}`));
          });
        },
      );
      const tooLate = setTimeout(() => call.destroy(new Error('no answer in time')), patienceMs);
      call.on('error', (cause) => {
        const closed = 'code' in cause && (cause.code === 'ECONNRESET' || cause.code === 'EPIPE');
        reject(call.reusedSocket && closed ? new StaleConnection({ cause }) : cause);
      });
      call.on('close', () => {
        clearTimeout(tooLate);
      });
      call.end(body);
    });

  /** For questions that may be asked twice: a kept connection may have been closed while the question was on its way. */
  const post = async (path: string, body: string): Promise<string> => {
    try {
      return await postOnce(path, body);
    } catch (error) {
      if (!(error instanceof StaleConnection)) throw error;
      return postOnce(path, body);
    }
  };

  return {
    async signInGrants(accountId) {
      try {
        const text = await post('/internal/v1/sign-in-grants', JSON.stringify({ accountId }));
        return answer.parse(JSON.parse(text)).grants;
      } catch (cause) {
        throw unavailable(cause);
      }
    },
    async revokeSession(sid, until) {
      try {
        await post(
          '/internal/v1/revoked-sessions',
          JSON.stringify({ sessionId: sid, until: until.toISOString() }),
        );
      } catch (cause) {
        throw unavailable(cause);
      }
    },
    async grantMembership(ask) {
      try {
        return granting.parse(JSON.parse(await postOnce('/internal/v1/memberships', JSON.stringify(ask))))
          .granted;
      } catch (cause) {
        throw unavailable(cause);
      }
    },
    close: () => {
      agent.destroy();
    },
  };
}

/** The clinic scopes of a grant (`clinic/<id>.read`, `clinic/<id>.write`). Which data a role may touch is the engine's decision. */
export function clinicScopes(grant: SignInGrant): string[] {
  return grant.clinics.flatMap((clinic) => [`clinic/${clinic.id}.read`, `clinic/${clinic.id}.write`]);
}
