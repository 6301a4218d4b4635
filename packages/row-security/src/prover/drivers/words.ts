import type { CallerConfig } from '../config.ts';
import type { LevelMap } from '../rows/levels.ts';
import { idOf, type Scope, uuidOf } from '../rows/world.ts';

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
