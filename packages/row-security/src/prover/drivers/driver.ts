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
  const order = ['tenant', 'clinic', 'patient'] as const;
  return (template, caller, scope) => {
    const depth = order.indexOf(caller.membership ?? 'patient');
    const valueOf = (word: string): string | null => {
      if (word === 'subject') return subjectOf(caller, scope);
      if (word === 'role') return caller.role ?? null;
      const level = word as (typeof order)[number];
      return order.indexOf(level) > depth ? null : idOf(level, scope, levels.typeOf(level));
    };
    const words = template.match(word) ?? [];
    if (words.some((each) => valueOf(each.slice(1)) === null)) return null;
    return template.replaceAll(word, (each) => valueOf(each.slice(1)) ?? '');
  };
}

const word = /\$(?:tenant|clinic|patient|subject|role)\b/g;

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
