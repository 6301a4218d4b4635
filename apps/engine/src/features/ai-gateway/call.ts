import type { AiProvider, AiPurpose, DataClassId } from '@cordon/access-policy';
import type { PreparedCall } from '@cordon/ai-gateway';
import type { AuditEntry } from '../../audit/entry.ts';
import type { AuditReceipt } from '../../audit/receipt.ts';
import type { RequestCaller } from '../../caller/caller.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import type { Circuit, EndReason, FindProvider, ModelUsage } from './providers/index.ts';
import type { KnownPeople } from './known-people.ts';
import type { GatewayConfig, ReadConfig } from './read-config.ts';
import type { Stop } from './stops.ts';
import type { StopWatch } from './stop-watch.ts';
import type { Reservation } from './usage.ts';

/** What the steps share. */
export interface GatewayParts {
  readonly engine: EngineContext;
  readonly readConfig: ReadConfig;
  readonly findProvider: FindProvider;
  readonly circuit: Circuit;
  readonly knownPeople: KnownPeople;
  readonly stopWatch: StopWatch;
}

/** What somebody asks, before anything of it was checked. */
export interface AskedCall {
  readonly id: string;
  readonly purposeId: string;
  /** As the client named it: the purpose, the provider's model, or “cordon”. */
  readonly model: string;
  /** OpenAI's chat completion request. */
  readonly request: unknown;
  /** By which the request was built, and the call goes to its end; absent where it is read as it is now. */
  readonly config?: GatewayConfig;
  /** Of a record; absent for a chat, which is of the classes that its purpose names. */
  readonly dataClassIds?: readonly DataClassId[];
  /** The patient it is about, where the caller is not that patient. */
  readonly patientId: string | undefined;
  readonly conversation: string;
  /** What was said of whom or of what it is about, and cannot be taken at its word; the call is refused. */
  readonly unclear?: string;
}

/** A call that may be sent: its intent is durable. */
export interface ReadyCall {
  readonly asked: AskedCall;
  readonly caller: RequestCaller;
  readonly purpose: AiPurpose;
  readonly provider: AiProvider;
  readonly prepared: PreparedCall;
  readonly intent: AuditEntry;
  /** Of the intent: releases the key under which the transcript is kept. */
  readonly receipt: AuditReceipt;
  readonly stops: readonly Stop[];
  /** When it was asked whether anything stops it, in milliseconds since 1970. */
  readonly openedAt: number;
  readonly reserved: Reservation;
  readonly patient: { readonly id: string; readonly clinicId: string } | null;
}

/** What goes to the caller: looked at, and with its own words back. */
export type AnswerEvent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool'; readonly index: number; readonly id?: string; readonly name?: string; readonly arguments: string }
  | { readonly type: 'end'; readonly reason: EndReason; readonly usage: ModelUsage | null }; // prettier-ignore
