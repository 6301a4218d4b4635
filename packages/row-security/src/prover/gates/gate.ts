import type { Catalog } from '../catalog/types.ts';
import type { ProverConfig } from '../config.ts';
import type { LevelMap } from '../rows/levels.ts';
import type { Facts } from './facts.ts';

export interface GateInput {
  readonly catalog: Catalog;
  readonly config: ProverConfig;
  readonly levels: LevelMap;
  readonly facts: Facts;
}

/** What a gate says of one object: nothing, or what is wrong, where it stands and what closes it. */
export interface GateAnswer {
  readonly object: string;
  readonly problem?: string;
  readonly sql?: string;
  readonly fix?: string;
}

/** A check of the catalog alone: it reads, and changes nothing. Answers once for each object it looked at. */
export interface Gate {
  readonly name: string;
  readonly check: (input: GateInput) => Iterable<GateAnswer>;
}

export const isDeclared = (list: readonly { readonly name: string }[], name: string): boolean =>
  list.some((each) => each.name === name);
