import type { AiProvider } from '@cordon/access-policy';
import type { PreparedCall } from '@cordon/ai-gateway';

/** What a provider is asked: the prepared call and nothing besides. */
export interface ModelRequest {
  readonly provider: AiProvider;
  /** For the offline default, which has no model to read the instructions; never sent to anybody. */
  readonly purposeId: string;
  readonly prepared: Pick<PreparedCall, 'systemText' | 'messages' | 'tools' | 'options'>;
  /** Told of each further attempt, before it is made. */
  readonly beforeAgain: (attempt: number) => Promise<void>;
}

export type EndReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

/** Tokens, as the provider counts them. */
export interface ModelUsage {
  readonly input: number;
  readonly output: number;
}

/** What a provider answers, in pieces; still with pseudonyms, and not yet looked at. */
export type ModelEvent =
  /** `last` where no text follows it. */
  | { readonly type: 'text'; readonly text: string; readonly last?: true }
  /** `id` and `name` come with the first piece of each index. */
  | { readonly type: 'tool'; readonly index: number; readonly id?: string; readonly name?: string; readonly arguments: string }
  | { readonly type: 'end'; readonly reason: EndReason; readonly usage: ModelUsage | null }; // prettier-ignore

/** Protocols leave out a member or write null for it, as it comes. */
export const isGiven = <Value>(value: Value): value is NonNullable<Value> =>
  value !== undefined && value !== null;

/** One way to a model: a file each in this folder. Ends with an `end` event, or throws. */
export interface ModelProvider {
  /**
   * @param signal ends the call, and the connection with it
   * @throws {AiGatewayError} `ai-provider-failed`, `ai-provider-slow`, `ai-provider-unavailable`
   */
  readonly ask: (request: ModelRequest, signal: AbortSignal) => AsyncIterable<ModelEvent>;
}
