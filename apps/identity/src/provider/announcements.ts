import type { Logger } from '@cordon/service';
import type { EngineGrants } from '../engine/sign-in-grants.ts';
import type { EndedFamily, TokenFamilies } from './families.ts';

/** Sends a logout token to the family's client, where it takes them (OpenID Connect Back-Channel Logout 1.0). */
export type SendLogoutToken = (family: EndedFamily) => Promise<void>;

export interface Announcements {
  /** Tells engine and client; what could not be told is tried again until no token of the family can be alive. */
  announce(family: EndedFamily): Promise<void>;
  stop(): Promise<void>;
}

const retryEveryMs = 10_000;
const atOnce = 20;
/** Access tokens live 15 minutes; one more for clocks that differ. */
const refuseForMs = 16 * 60 * 1000;

export function createAnnouncements(options: {
  families: TokenFamilies;
  engine: EngineGrants;
  sendLogoutToken: SendLogoutToken;
  logger: Logger;
}): Announcements {
  const { families, engine, sendLogoutToken, logger } = options;

  async function announce(family: EndedFamily): Promise<void> {
    // Who asked for the end knows of it: the library has told the clients of a sign-out, and a client that revoked.
    const clientKnows = family.revokedFor === 'sign-out' || family.revokedFor === 'client-request';
    const results = await Promise.allSettled([
      engine.revokeSession(family.sid, new Date(family.revokedAt.getTime() + refuseForMs)),
      clientKnows ? undefined : sendLogoutToken(family),
    ]);
    const failures = results.filter((result) => result.status === 'rejected');
    for (const { reason } of failures)
      logger.warn('end of a session not announced yet', {
        tenantId: family.tenantId,
        resourceId: family.sid,
        err: reason,
      });
    if (failures.length === 0) await families.markAnnounced(family.grantId);
  }

  let retrying: Promise<void> = Promise.resolve();
  const retry = async () => {
    try {
      // Page by page to the end, and several at once: a client that does not answer must not keep the ends of others from the engine.
      for (let page = await families.findUnannounced(); page.length > 0;) {
        for (let first = 0; first < page.length; first += atOnce)
          await Promise.all(page.slice(first, first + atOnce).map(announce));
        page = await families.findUnannounced(page.at(-1));
      }
    } catch (error) {
      logger.warn('announcements not retried', { err: error });
    }
  };
  const timer = setInterval(() => {
    retrying = retrying.then(retry);
  }, retryEveryMs);
  timer.unref();
  return {
    announce,
    stop: () => {
      clearInterval(timer);
      return retrying;
    },
  };
}
