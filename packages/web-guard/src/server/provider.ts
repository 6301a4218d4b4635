import { createRemoteJWKSet } from 'jose';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildAuthorizationUrlWithPAR,
  buildEndSessionUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  discovery,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  refreshTokenGrant,
  tokenRevocation,
  type Configuration,
} from 'openid-client';
import { isLoopbackHost } from '../loopback.ts';
import type { RefreshOutcome, SessionTokens, TokenSource } from '../session/tokens.ts';
import { verifyLogoutToken, type LoggedOut } from './logout-token.ts';
import { isAway, refused, unavailable } from './provider-failures.ts';
import {
  readTokens,
  signatureAlgorithms,
  usualClaimNames,
  usualStepUpAcr,
  type TokenClaimNames,
} from './read-tokens.ts';

export interface ProviderOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The API that access tokens are for: sent as `resource` (RFC 8707) and demanded as their audience. */
  readonly resource: string;
  /** Default `openid offline_access`. */
  readonly scope?: string;
  /** Further authorization parameters that a provider wants, such as `audience`. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Where the provider has no pushed requests (RFC 9126), the request travels through the browser. Default false. */
  readonly allowUnpushedRequests?: boolean;
  /**
   * Names of claims of the access token. Defaults: `tenant_id`, `role`, `sid`, `auth_time`; and `acr`, which says that a second
   * factor was shown when it is, or holds, `factorValue` (default `urn:cordon:acr:mfa`).
   */
  readonly claims?: Partial<TokenClaimNames>;
  /** What is asked for where a fresh factor is due. Default `urn:cordon:acr:mfa`. */
  readonly stepUpAcr?: string;
}

/** What must be remembered between the way to the provider and the way back; never shown to the browser. */
export interface SignInChecks {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly maxAgeSeconds: number;
  /** The authentication context that was demanded, with a proof given now; null for a usual sign-in. */
  readonly acr: string | null;
}

export interface Provider extends TokenSource {
  /** Resolves when the provider answers now. */
  ready(): Promise<void>;
  beginSignIn(ask: {
    redirectUri: string;
    maxAgeSeconds: number;
    acr: string | null;
    idTokenHint: string | null;
  }): Promise<{ url: URL; checks: SignInChecks }>;
  /** @throws WebGuardError `sign-in-refused` or `sign-in-unavailable`. */
  finishSignIn(callback: URL, checks: SignInChecks): Promise<SessionTokens>;
  /** Where to send the browser so that it is signed out there as well. */
  endSessionUrl(tokens: SessionTokens, backTo: string): Promise<string | undefined>;
  /** @throws WebGuardError `logout-token-invalid`. */
  readLogoutToken(token: string): Promise<LoggedOut>;
}

/** Whether the person was authenticated in this way, and not longer ago. */
function isFresh(tokens: Pick<SessionTokens, 'acr' | 'authTime'>, acr: string, seconds: number): boolean {
  return tokens.acr === acr && tokens.authTime !== null && tokens.authTime + seconds >= Date.now() / 1_000;
}

/** Seconds; below the turn of a refresh. */
const answerTimeout = 8;

type Keys = ReturnType<typeof createRemoteJWKSet>;
interface Connection {
  readonly configuration: Configuration;
  readonly keys: Keys;
}

/**
 * The relying party (OpenID Connect Core 1.0, code flow) of one client. The provider is discovered at the first use
 * and asked again after a failure, so that the order in which processes start does not matter.
 */
export function createProvider(options: ProviderOptions): Provider {
  const issuer = new URL(options.issuer);
  const expected = {
    issuer: options.issuer,
    resource: options.resource,
    claims: { ...usualClaimNames, ...options.claims },
    stepUpAcr: options.stepUpAcr ?? usualStepUpAcr,
  };
  const resource = { resource: options.resource };
  let connecting: Promise<Connection> | undefined;

  async function open(): Promise<Connection> {
    const insecure = issuer.protocol === 'http:' && isLoopbackHost(issuer.hostname);
    const configuration = await discovery(issuer, options.clientId, undefined, ClientSecretBasic(options.clientSecret), {
      timeout: answerTimeout,
      // Marked as a warning by its authors: plain http is for this machine alone.
      execute: insecure ? [allowInsecureRequests] : [], // eslint-disable-line @typescript-eslint/no-deprecated -- loopback only
    }); // prettier-ignore
    const { jwks_uri: keysAddress } = configuration.serverMetadata();
    if (keysAddress === undefined) throw new Error('the provider publishes no keys');
    return {
      configuration,
      keys: createRemoteJWKSet(new URL(keysAddress), { timeoutDuration: answerTimeout * 1_000 }),
    };
  }

  async function connect(): Promise<Connection> {
    connecting ??= open();
    try {
      return await connecting;
    } catch (error) {
      connecting = undefined;
      throw unavailable(error);
    }
  }

  return {
    ready: async () => {
      const { configuration } = await connect();
      const { jwks_uri: keysAddress } = configuration.serverMetadata();
      const answer = await fetch(String(keysAddress), { signal: AbortSignal.timeout(answerTimeout * 1_000) });
      await answer.body?.cancel();
      if (!answer.ok) throw unavailable(new Error(`the provider answered ${answer.status}`));
    },

    async beginSignIn({ redirectUri, maxAgeSeconds, acr, idTokenHint }) {
      const { configuration } = await connect();
      const canPush = configuration.serverMetadata().pushed_authorization_request_endpoint !== undefined;
      const checks = {
        state: randomState(),
        nonce: randomNonce(),
        codeVerifier: randomPKCECodeVerifier(),
        maxAgeSeconds,
        acr,
      };
      const parameters = {
        ...options.parameters,
        ...resource,
        redirect_uri: redirectUri,
        scope: options.scope ?? 'openid offline_access',
        state: checks.state,
        nonce: checks.nonce,
        code_challenge: await calculatePKCECodeChallenge(checks.codeVerifier),
        code_challenge_method: 'S256',
        max_age: String(maxAgeSeconds),
        ...(acr === null ? {} : { acr_values: acr, prompt: 'login' }),
      };
      if (!canPush && options.allowUnpushedRequests !== true)
        throw unavailable(new Error('no pushed requests'));
      if (!canPush) return { url: buildAuthorizationUrl(configuration, parameters), checks };
      const push = (more: Record<string, string>) =>
        buildAuthorizationUrlWithPAR(configuration, { ...parameters, ...more });
      try {
        // Only pushed: in an address it would be seen by the browser and kept in its history. A provider that does not take
        // it, since its keys have changed or it knows no hints, asks for the whole sign-in.
        if (idTokenHint !== null) {
          const hinted = await push({ id_token_hint: idTokenHint }).catch((error: unknown) => {
            if (isAway(error)) throw error;
          });
          if (hinted !== undefined) return { url: hinted, checks };
        }
        return { url: await push({}), checks };
      } catch (error) {
        throw unavailable(error);
      }
    },

    async finishSignIn(callback, checks) {
      const connection = await connect();
      try {
        const answer = await authorizationCodeGrant(
          connection.configuration,
          callback,
          {
            expectedState: checks.state,
            expectedNonce: checks.nonce,
            pkceCodeVerifier: checks.codeVerifier,
            maxAge: checks.maxAgeSeconds,
            idTokenExpected: true,
          },
          resource,
        );
        const tokens = await readTokens(expected, connection.keys, answer);
        // `acr_values` is a wish (OpenID Connect Core 1.0, 3.1.2.1): what came back decides.
        if (checks.acr !== null && !isFresh(tokens, checks.acr, checks.maxAgeSeconds))
          throw new Error('the demanded authentication was not given');
        return tokens;
      } catch (error) {
        throw isAway(error) ? unavailable(error) : refused(error);
      }
    },

    async refresh(tokens): Promise<RefreshOutcome> {
      if (tokens.refreshToken === null) return { outcome: 'ended', reason: 'no refresh token' };
      let answer;
      let connection;
      try {
        connection = await connect();
        answer = await refreshTokenGrant(connection.configuration, tokens.refreshToken, resource);
      } catch (error) {
        return isAway(error)
          ? { outcome: 'unavailable', cause: error }
          : { outcome: 'ended', reason: 'refused' };
      }
      try {
        return { outcome: 'refreshed', tokens: await readTokens(expected, connection.keys, answer, tokens) };
      } catch {
        return { outcome: 'ended', reason: 'tokens not acceptable' };
      }
    },

    async revoke({ refreshToken }) {
      if (refreshToken === null) return;
      try {
        const { configuration } = await connect();
        await tokenRevocation(configuration, refreshToken, { token_type_hint: 'refresh_token' });
      } catch {
        // The session is gone here already, and the token with it: nobody holds it any more.
      }
    },

    async revokeAll({ refreshToken }) {
      if (refreshToken === null) return;
      try {
        const { configuration } = await connect();
        const more = { token_type_hint: 'refresh_token', all_sessions: 'true' };
        await tokenRevocation(configuration, refreshToken, more);
      } catch (error) {
        throw unavailable(error);
      }
    },

    async endSessionUrl({ idToken }, backTo) {
      try {
        const { configuration } = await connect();
        if (configuration.serverMetadata().end_session_endpoint === undefined) return undefined;
        return buildEndSessionUrl(configuration, {
          id_token_hint: idToken,
          post_logout_redirect_uri: backTo,
        }).href;
      } catch {
        return undefined;
      }
    },

    readLogoutToken: async (token) =>
      verifyLogoutToken(token, (await connect()).keys, {
        issuer: options.issuer,
        clientId: options.clientId,
        algorithms: signatureAlgorithms,
      }),
  };
}
