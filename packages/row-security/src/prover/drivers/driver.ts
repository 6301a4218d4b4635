import type { CallerConfig, DriverConfig } from '../config.ts';
import type { LevelMap } from '../rows/levels.ts';
import { idOf, type Scope, uuidOf } from '../rows/world.ts';
import type { AttackSession } from '../session.ts';
import { sealedDriver } from './sealed.ts';
import { settingDriver } from './setting.ts';

/** A way into a context that must not lead into one. */
export interface HostileEntry {
  readonly name: string;
  /** Statements, run one after another in one transaction; that they fail is well. */
  readonly sql: () => readonly string[];
  /** Milliseconds to wait behind them, for what is to expire. */
  readonly wait?: number;
}

/** How sessions come to act for somebody. */
export interface Driver {
  /** Statements that enter the caller's context for the open transaction. */
  readonly enter: (session: AttackSession, caller: CallerConfig, scope: Scope) => string[];
  /** Attempts at the context of somebody else, for whom this caller has none. */
  readonly hostile: (session: AttackSession, caller: CallerConfig, scope: Scope) => HostileEntry[];
}

/** Replaces $tenant, $clinic, $patient, $subject and $role; null where the caller has none. */
export type Words = (template: string, caller: CallerConfig, scope: Scope) => string | null;

export const subjectOf = (caller: CallerConfig, scope: Scope): string =>
  uuidOf(`subject ${caller.name} ${scope.tenant}`);

export function makeWords(levels: LevelMap): Words {
  return (template, caller, scope) => {
    let missing = false;
    const depth = ['tenant', 'clinic', 'patient'].indexOf(caller.membership ?? 'patient');
    const text = template.replaceAll(/\$(tenant|clinic|patient|subject|role)\b/g, (_, word: string) => {
      if (word === 'subject') return subjectOf(caller, scope);
      if (word === 'role') {
        if (caller.role === undefined) missing = true;
        return caller.role ?? '';
      }
      const level = word as 'tenant' | 'clinic' | 'patient';
      if (['tenant', 'clinic', 'patient'].indexOf(level) > depth) missing = true;
      return idOf(level, scope, levels.typeOf(level));
    });
    return missing ? null : text;
  };
}

export function makeDriver(config: DriverConfig, levels: LevelMap): Driver {
  switch (config.kind) {
    case 'setting':
      return settingDriver(config.settings, makeWords(levels));
    case 'sealed':
      return sealedDriver(config.key, levels);
    case 'none':
      return { enter: () => [], hostile: () => [{ name: 'no context', sql: () => [] }] };
  }
}
