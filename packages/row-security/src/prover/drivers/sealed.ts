import { sealContext, type Seal, type SealedContext, type SealKey } from '../../sealed-context.ts';
import type { CallerConfig } from '../config.ts';
import type { LevelMap } from '../rows/levels.ts';
import { home, idOf, scopes, type Scope } from '../rows/world.ts';
import type { AttackSession } from '../session.ts';
import { literal } from '../sql.ts';
import type { Driver, HostileEntry } from './driver.ts';
import { subjectOf } from './words.ts';

const enterSql = ({ payload, keyId, tag }: Seal): string =>
  `SELECT cordon.enter(${literal(payload)}, ${literal(keyId)}, '\\x${tag.toString('hex')}'::bytea)`;

/** Cordon's own context: sealed with the store's key for one backend. The attacks are what SQL without the key can do. */
export function sealedDriver(key: SealKey, levels: LevelMap): Driver {
  const contextOf = (
    caller: CallerConfig,
    scope: Scope,
    expiresAt = new Date(Date.now() + 600_000),
  ): SealedContext => {
    const id = (level: 'tenant' | 'clinic' | 'patient', at: Scope): string =>
      idOf(level, at, levels.typeOf(level));
    // A token names the clinics of the caller; one that names every clinic leaves the membership to decide.
    const clinicIds = [...new Set(scopes.map((each) => id('clinic', each)))];
    return {
      tenantId: id('tenant', scope),
      role: caller.role ?? 'role.system',
      ...(caller.membership && { subject: subjectOf(caller, scope) }),
      ...(caller.membership === 'patient' && { patientId: id('patient', scope) }),
      expiresAt,
      clinicIds: caller.membership ? clinicIds : [],
      readable: caller.readable ?? [],
      writable: caller.writable ?? [],
    };
  };
  return {
    enter: (session, caller, scope) => [enterSql(sealContext(contextOf(caller, scope), session.target, key))],
    hostile: (session, caller, scope) => [
      { name: 'no context', sql: () => [] },
      ...forgeries(sealContext(contextOf(caller, scope), session.target, key)),
      ...misplaced(session, contextOf(caller, scope), key),
      ...expired(
        session,
        (expiresAt) => contextOf(caller, scope, expiresAt),
        key,
        caller.name !== session.role,
      ),
      altered(session, contextOf(caller, home), contextOf(caller, scope), key),
    ],
  };
}

/** The verified context lies in a server parameter: whoever could set it would need no key. */
function forgeries(seal: Seal): HostileEntry[] {
  const payload = literal(seal.payload);
  const entries: [string, string][] = [
    ['forged by set_config', `SELECT set_config('backtrace_functions', ${payload}, true)`],
    ['forged by set_config for the session', `SELECT set_config('backtrace_functions', ${payload}, false)`],
    ['forged by SET LOCAL', `SET LOCAL backtrace_functions = ${payload}`],
    ['forged by ALTER ROLE', `ALTER ROLE CURRENT_USER SET backtrace_functions = ${payload}`],
    [
      'forged by UPDATE of pg_settings',
      `UPDATE pg_settings SET setting = ${payload} WHERE name = 'backtrace_functions'`,
    ],
    ['forged tag', enterSql({ ...seal, tag: Buffer.alloc(32, 7) })],
    ['truncated tag', enterSql({ ...seal, tag: seal.tag.subarray(0, 16) })],
    ['empty tag', enterSql({ ...seal, tag: Buffer.alloc(0) })],
    ['unknown key', enterSql({ ...seal, keyId: 'seal-nobody' })],
    ['malformed payload', enterSql({ ...seal, payload: `${seal.payload} more` })],
    ['no payload', `SELECT cordon.enter(NULL, ${literal(seal.keyId)}, NULL)`],
  ];
  return entries.map(([name, sql]) => ({ name, sql: () => [sql] }));
}

/** A seal is worth something in one database, for one login role, in one backend. */
function misplaced(session: AttackSession, context: SealedContext, key: SealKey): HostileEntry[] {
  const { target } = session;
  const places = {
    'sealed for another backend': { ...target, backendPid: target.backendPid + 1 },
    'sealed for another database': { ...target, database: `${target.database}_other` },
    'sealed for another login role': { ...target, loginRole: `${target.loginRole}_other` },
  };
  return Object.entries(places).map(([name, place]) => ({
    name,
    sql: () => [enterSql(sealContext(context, place, key))],
  }));
}

function expired(
  session: AttackSession,
  at: (expiresAt: Date) => SealedContext,
  key: SealKey,
  lives: boolean,
): HostileEntry[] {
  const sealed = (seconds: number): string =>
    enterSql(sealContext(at(new Date(Date.now() + seconds * 1000)), session.target, key));
  return [
    { name: 'expired', sql: () => [sealed(-5)] },
    { name: 'replayed after its expiry', sql: () => [sealed(-1)] },
    // The expiry is kept in whole seconds: a seal for one and a bit is accepted now, and over after the wait.
    ...(lives ? [{ name: 'expired inside of its transaction', sql: () => [sealed(1.2)], wait: 1300 }] : []),
  ];
}

/** The attacker's own seal, with the victim's payload. */
function altered(
  session: AttackSession,
  own: SealedContext,
  victim: SealedContext,
  key: SealKey,
): HostileEntry {
  const mine = sealContext(own, session.target, key);
  const { payload } = sealContext(victim, session.target, key);
  return { name: 'altered payload under an own tag', sql: () => [enterSql({ ...mine, payload })] };
}
