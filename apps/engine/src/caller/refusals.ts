import { randomUUID } from 'node:crypto';
import type { Logger } from '@cordon/service';
import type { AuditAppender } from '../audit/appender.ts';
import { describeCaller } from '../audit/describe.ts';
import type { Caller } from './caller.ts';
import type { TokenFault } from './verify-token.ts';

export type RefusalReason = TokenFault | 'session-revoked' | 'factor-missing';

export interface Refusal {
  readonly reason: RefusalReason;
  /** Only where the token's signature held: what a forger writes into a token is nobody's name. */
  readonly caller?: Caller | undefined;
  readonly requestId: string;
  readonly clientAddress: string;
}

export interface Refusals {
  /** Resolves when the entry is durable, or could not be written: the refusal stands either way. */
  report(refusal: Refusal): Promise<void>;
}

/** Entries a window: a flood of made-up tokens must not become a flood of entries. */
const mostEntries = 60;
const windowMs = 10_000;

/**
 * Leaves an entry of each refused token. Beyond the bound one is left out, and the next entry says in its count how many
 * it stands for.
 */
export function createRefusals(audit: AuditAppender, logger: Logger, now = Date.now): Refusals {
  let windowEnds = 0;
  let written = 0;
  let leftOut = 0;

  return {
    async report({ reason, caller, requestId, clientAddress }) {
      logger.warn('token refused', { securityEvent: 'token-refused', code: reason, requestId, tenantId: caller?.tenantId });
      if (now() >= windowEnds) [windowEnds, written] = [now() + windowMs, 0];
      if (written >= mostEntries) {
        leftOut += 1;
        return;
      }
      written += 1;
      const count = leftOut + 1;
      leftOut = 0;
      try {
        await audit.append([
          {
            ...(caller === undefined
              ? { id: randomUUID(), initiatorType: 'anonymous', requestId, clientAddress }
              : describeCaller({ ...caller, requestId, clientAddress })),
            action: 'token.refused',
            dataClassIds: [],
            decision: 'deny',
            reasonCode: reason,
            outcome: 'none',
            ...(count > 1 ? { recordCount: count } : {}),
          },
        ]);
      } catch (error) {
        leftOut += count;
        logger.error('refused token not audited', { err: error, requestId });
      }
    },
  };
} // prettier-ignore
