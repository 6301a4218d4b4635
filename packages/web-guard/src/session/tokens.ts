/** What the provider's tokens say of a signed-in person, and the tokens. Never leaves the server. */
export interface SessionTokens {
  readonly subject: string;
  /** The provider's session, which a back-channel logout names. */
  readonly sid: string | null;
  readonly tenantId: string;
  readonly role: string;
  /** How the person was authenticated (`acr`), and when: seconds since 1970. Null where the provider does not say. */
  readonly acr: string | null;
  readonly authTime: number | null;
  readonly accessToken: string;
  /** Seconds since 1970. */
  readonly accessExpiresAt: number;
  readonly refreshToken: string | null;
  readonly idToken: string;
}

/** Says why a refresh gave no tokens: `ended` is final, `unavailable` may be tried again. */
export type RefreshOutcome =
  | { readonly outcome: 'refreshed'; readonly tokens: SessionTokens }
  | { readonly outcome: 'ended'; readonly reason: string }
  | { readonly outcome: 'unavailable'; readonly cause: unknown };

/** What sessions ask of an OpenID provider. */
export interface TokenSource {
  refresh(tokens: SessionTokens): Promise<RefreshOutcome>;
  /** Best effort; never throws. */
  revoke(tokens: SessionTokens): Promise<void>;
  /**
   * Ends all that the person has at the provider, at every application, where the provider knows how; otherwise these tokens.
   * @throws WebGuardError `sign-in-unavailable`: it did not answer, and nothing has ended.
   */
  revokeAll(tokens: SessionTokens): Promise<void>;
}
