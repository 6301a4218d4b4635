import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import type { ConfirmableSignIn } from '../sign-in/progress.ts';
import { multiFactor } from './entitlement.ts';

const { Check, base } = interactionPolicy;

/** The authentication contexts that a request asks for (OpenID Connect Core 1.0, 3.1.2.1 and 5.5.1.1). */
function requestedContexts(params: Record<string, unknown> | undefined): string[] {
  const asked = params?.['acr_values'];
  return typeof asked === 'string' ? asked.split(' ').filter(Boolean) : [];
}

/** Asking for the factor alone is a demand; asking for either leaves the choice to policy. */
export function demandsFactor(params: Record<string, unknown> | undefined): boolean {
  const asked = requestedContexts(params);
  return asked.length > 0 && asked.every((context) => context === multiFactor);
}

/**
 * The sign-in that a request for a factor may confirm: the one that the client's hint (verified by the library), and this
 * browser's session at the provider name alike. Whether it still stands, its family says.
 */
function findConfirmable(
  oidc: Pick<KoaContextWithOIDC['oidc'], 'params' | 'entities' | 'session' | 'client'>,
): ConfirmableSignIn | undefined {
  const hint = oidc.entities.IdTokenHint?.payload;
  const { session, client } = oidc;
  if (!hint || !session?.accountId || !client || !demandsFactor(oidc.params)) return undefined;
  const { clientId } = client;
  const sid = session.sidFor(clientId);
  if (hint['sub'] !== session.accountId || sid === undefined || hint['sid'] !== sid) return undefined;
  return { sid, accountId: session.accountId, clientId };
}

/**
 * Each authorization request is a sign-in of its own. A browser session at the provider that answered later requests
 * would undo the idle limit of the console: whoever sits down at an unlocked desk would be signed in again.
 */
export function createInteractionPolicy(): interactionPolicy.DefaultPolicy {
  const policy = base();
  const login = policy.get('login');
  if (!login) throw new Error('the library has no login prompt');
  login.checks.add(
    new Check(
      'fresh_sign_in',
      'the person signs in for each request',
      'login_required',
      (ctx: KoaContextWithOIDC) => (ctx.oidc.result?.login ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT),
      ({ oidc }: KoaContextWithOIDC) => ({ confirms: findConfirmable(oidc) }),
    ),
  );
  // The library does not enforce `acr_values`; this does, whatever the sign-in page did.
  login.checks.add(
    new Check(
      'factor_demanded',
      'the request demands a second factor',
      'unmet_authentication_requirements',
      (ctx: KoaContextWithOIDC) =>
        demandsFactor(ctx.oidc.params) && ctx.oidc.acr !== multiFactor
          ? Check.REQUEST_PROMPT
          : Check.NO_NEED_TO_PROMPT,
    ),
  );
  return policy;
}
