import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { IdentityError } from './error.ts';

/** What identity records. The audit store takes no other kind of action from it. */
export type AuditAction =
  | 'sign-in.completed'
  | 'sign-in.refused'
  | 'sign-in.consented'
  | 'factor.enrolled'
  | 'factor.reset'
  | 'account.password-changed'
  | 'account.recovery-requested'
  | 'account.recovery-approved'
  | 'account.invited'
  | 'account.service-registered'
  | 'account.service-ended'
  | 'token.service-issued'
  | 'token.family-revoked';

/** One event. The subject is an account id; e-mail addresses never get here. */
export interface AuditEntry {
  readonly action: AuditAction;
  readonly decision: 'permit' | 'deny';
  /** Stable, kebab-case: which way it was permitted, or why it was refused. */
  readonly reasonCode: string;
  /** Account id, where an account was proven or aimed at. */
  readonly accountId?: string | undefined;
  /** The account that was acted upon, where it is not the actor's own. */
  readonly targetId?: string | undefined;
  /** An operator at the command line, whom identity does not know. */
  readonly bySystem?: true;
  readonly tenantId?: string | undefined;
  readonly role?: string | undefined;
  /** The token family's `sid`. */
  readonly sid?: string | undefined;
  readonly requestId?: string | undefined;
  readonly address?: string | undefined;
}

export interface Audit {
  /**
   * Resolves when the entries are durable.
   * @throws IdentityError `identity-audit-unavailable`
   */
  appendAudit(entries: readonly AuditEntry[]): Promise<void>;
  /** Throws when the store does not answer. */
  check(): Promise<unknown>;
}

function initiatorOf(entry: AuditEntry): 'patient' | 'user' | 'anonymous' | 'system' {
  if (entry.bySystem) return 'system';
  if (entry.role === 'role.patient') return 'patient';
  return entry.accountId === undefined ? 'anonymous' : 'user';
}

/** In the columns of `audit.audit_logs`. */
function toRow(entry: AuditEntry) {
  return {
    id: randomUUID(),
    tenant_id: entry.tenantId,
    actor_subject: entry.accountId,
    actor_role: entry.role,
    actor_session: entry.sid,
    initiator_type: initiatorOf(entry),
    action: entry.action,
    resource_type: 'account',
    resource_id: entry.targetId ?? entry.accountId,
    data_class_ids: ['portalAccount'],
    decision: entry.decision,
    reason_code: entry.reasonCode,
    outcome: entry.decision === 'permit' ? 'success' : 'none',
    request_id: entry.requestId,
    client_address: entry.address,
  };
}

/** Appends through the store's append function for identity; the login role may do nothing else there. */
export function createAudit(pool: Pool): Audit {
  return {
    async appendAudit(entries) {
      try {
        await pool.query('SELECT audit.append_entries($1::jsonb)', [JSON.stringify(entries.map(toRow))]);
      } catch (cause) {
        throw new IdentityError('identity-audit-unavailable', { cause, retryAfterSeconds: 5 });
      }
    },
    check: () => pool.query('SELECT 1'),
  };
}
