import type { Credential } from '../../../packages/stores/certificates.ts';

/** What is told to a process in a network of its own, and what it answers; each once, in this order. */
export interface PlaceOrder {
  /** Ports at which it listens, for whatever comes. */
  readonly ports: readonly number[];
  /** Where a model is served, with TLS. */
  readonly provider?: Credential;
}
export interface PlaceAttempts {
  readonly targets: readonly { readonly name: string; readonly address: string; readonly port: number }[];
  /** A model's provider, and who vouches for it; absent where nobody asks from. */
  readonly ask?: { readonly url: string; readonly authority: string };
}
export interface PlaceResult {
  /** Names of the targets with which a connection came about. */
  readonly reached: readonly string[];
  readonly asked?: string;
  /** Addresses from which a model was asked here. */
  readonly askers: readonly string[];
}

/** A network that is a machine's own: whose addresses are there, and what happens in it. */
export interface NetworkPlan {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly order: PlaceOrder;
  readonly attempts: PlaceAttempts;
}
export interface WorldPlan {
  /** Lines for `ip -batch`. */
  readonly rules: readonly string[];
  readonly networks: readonly NetworkPlan[];
}
export type WorldResult = Readonly<Record<string, PlaceResult>>;
