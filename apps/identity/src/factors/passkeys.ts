import { randomUUID } from 'node:crypto';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server';
import type { Pool } from 'pg';
import { hashValue } from '../keys.ts';
import { standingAccount } from '../sign-in/progress.ts';

/** Second factors after Web Authentication Level 3. The caller keeps each challenge and hands it out once. */
export interface Passkeys {
  /** What `navigator.credentials.create` takes; `label` is shown by the authenticator. */
  beginEnrolment(accountId: string, label: string): Promise<PublicKeyCredentialCreationOptionsJSON>;
  /**
   * False when the answer does not hold, or the sign-in has ended; once it does, and before the passkey counts, `first` runs.
   */
  confirmEnrolment(
    enrolment: { readonly accountId: string; readonly interactionId: string; readonly challenge: string },
    response: RegistrationResponseJSON,
    first: () => Promise<void>,
  ): Promise<boolean>;
  /** What `navigator.credentials.get` takes. */
  beginUse(accountId: string): Promise<PublicKeyCredentialRequestOptionsJSON>;
  /** False for a foreign passkey, one that was revoked, another origin, no user verification, or a copied one. */
  verify(accountId: string, challenge: string, response: AuthenticationResponseJSON): Promise<boolean>;
}

/** EdDSA, ES256, RS256 by their COSE numbers: what platforms' authenticators make. */
const algorithms = [-8, -7, -257];
/** A person's authenticators; more would be somebody filling the table. */
const mostPasskeys = 10;
const minutesToAnswer = 5;

interface PasskeyRow {
  id: string;
  credentialId: Buffer;
  publicKey: Buffer;
  signCount: number;
}

/** The random account id, as bytes: section 14.6.1 wants nothing personal in a user handle. */
const userHandle = (accountId: string) => Uint8Array.from(Buffer.from(accountId.replaceAll('-', ''), 'hex'));

/** The library throws where an answer does not hold: for a person that is one refusal. */
async function orNothing<T>(check: Promise<T>): Promise<T | undefined> {
  try {
    return await check;
  } catch {
    return undefined;
  }
}

export function createPasskeys(pool: Pool, issuer: string): Passkeys {
  const { hostname: rpId, origin } = new URL(issuer);
  const timeout = minutesToAnswer * 60 * 1000;

  async function find(accountId: string): Promise<PasskeyRow[]> {
    const { rows } = await pool.query<PasskeyRow>(
      `SELECT id, credential_id AS "credentialId", public_key AS "publicKey", sign_count::float8 AS "signCount"
       FROM identity.factors WHERE account_id = $1 AND kind = 'webauthn' AND revoked_at IS NULL
       ORDER BY created_at LIMIT ${mostPasskeys}`,
      [accountId],
    );
    return rows;
  }
  const describe = (rows: PasskeyRow[]) =>
    rows.map(({ credentialId }) => ({ id: credentialId.toString('base64url') }));

  return {
    beginEnrolment: async (accountId, label) =>
      generateRegistrationOptions({
        rpName: 'Cordon',
        rpID: rpId,
        userID: userHandle(accountId),
        userName: label,
        userDisplayName: label,
        timeout,
        attestationType: 'none',
        excludeCredentials: describe(await find(accountId)),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
        supportedAlgorithmIDs: algorithms,
      }),

    async confirmEnrolment({ accountId, interactionId, challenge }, response, first) {
      const result = await orNothing(
        verifyRegistrationResponse({
          response,
          expectedChallenge: challenge,
          expectedOrigin: origin,
          expectedRPID: rpId,
          requireUserVerification: true,
          supportedAlgorithmIDs: algorithms,
        }),
      );
      if (!result?.verified) return false;
      const { credential } = result.registrationInfo;
      await first();
      const { rowCount } = await pool.query(
        `WITH standing AS (${standingAccount})
         INSERT INTO identity.factors (id, account_id, kind, credential_id, public_key, sign_count, confirmed_at)
         SELECT $2, id, 'webauthn', $4, $5, $6, now() FROM standing
         WHERE id = $3 AND (SELECT count(*) FROM identity.factors
                WHERE account_id = $3 AND kind = 'webauthn' AND revoked_at IS NULL) < ${mostPasskeys}
         ON CONFLICT DO NOTHING`,
        [
          hashValue(interactionId),
          randomUUID(),
          accountId,
          Buffer.from(credential.id, 'base64url'),
          Buffer.from(credential.publicKey),
          credential.counter,
        ],
      );
      return rowCount === 1;
    },

    beginUse: async (accountId) =>
      generateAuthenticationOptions({
        rpID: rpId,
        timeout,
        allowCredentials: describe(await find(accountId)),
        userVerification: 'required',
      }),

    async verify(accountId, challenge, response) {
      const passkey = (await find(accountId)).find(
        ({ credentialId }) => credentialId.toString('base64url') === response.id,
      );
      if (!passkey) return false;
      const handle = response.response.userHandle;
      if (handle && !Buffer.from(handle, 'base64url').equals(userHandle(accountId))) return false;
      const result = await orNothing(
        verifyAuthenticationResponse({
          response,
          expectedChallenge: challenge,
          expectedOrigin: origin,
          expectedRPID: rpId,
          requireUserVerification: true,
          credential: {
            id: response.id,
            publicKey: Uint8Array.from(passkey.publicKey),
            counter: passkey.signCount,
          },
        }),
      );
      if (!result?.verified) return false;
      // Section 6.1.1: a counter that does not grow speaks of a copy. The condition decides, whoever asks meanwhile;
      // passkeys that are synced between devices stay at zero.
      const { rowCount } = await pool.query(
        `UPDATE identity.factors SET sign_count = $2, used_at = now()
         WHERE id = $1 AND revoked_at IS NULL AND (sign_count < $2 OR (sign_count = 0 AND $2 = 0))`,
        [passkey.id, result.authenticationInfo.newCounter],
      );
      return rowCount === 1;
    },
  };
}
