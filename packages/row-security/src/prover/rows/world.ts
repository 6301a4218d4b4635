import { createHash } from 'node:crypto';
import type { LevelColumns } from '../config.ts';

export type Level = keyof LevelColumns;
export const levels: readonly Level[] = ['tenant', 'clinic', 'patient'];

/** One of two tenants × two clinics × two patients; each number is 1 or 2. */
export interface Scope {
  readonly tenant: 1 | 2;
  readonly clinic: 1 | 2;
  readonly patient: 1 | 2;
}

const pair = [1, 2] as const;
export const scopes: readonly Scope[] = pair.flatMap((tenant) =>
  pair.flatMap((clinic) => pair.map((patient) => ({ tenant, clinic, patient }))),
);

/** The attacker's own place, and those it must not reach. */
export const home: Scope = { tenant: 1, clinic: 1, patient: 1 };
export const sameClinic: Scope = { tenant: 1, clinic: 1, patient: 2 };
export const otherClinic: Scope = { tenant: 1, clinic: 2, patient: 1 };
export const otherTenant: Scope = { tenant: 2, clinic: 1, patient: 1 };

export const scopeName = (scope: Scope): string => `${scope.tenant}${scope.clinic}${scope.patient}`;

/** A UUID of version 4's form that is the same in every run. */
export function uuidOf(name: string): string {
  const hex = createHash('sha256').update(`prover ${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function placeOf(level: Level, scope: Scope): string {
  if (level === 'tenant') return `${scope.tenant}`;
  if (level === 'clinic') return `${scope.tenant}${scope.clinic}`;
  return scopeName(scope);
}

/** The id of the scope's tenant, clinic or patient, as text of the given type. */
export function idOf(level: Level, scope: Scope, type: string): string {
  const place = placeOf(level, scope);
  if (type === 'uuid') return uuidOf(`${level} ${place}`);
  if (/^(smallint|integer|bigint|numeric)/.test(type)) return `7${levels.indexOf(level) + 1}${place}`;
  return `probe-${level}-${place}`;
}
