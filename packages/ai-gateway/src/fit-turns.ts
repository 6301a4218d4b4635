import { AiGatewayError } from './error.ts';
import type { ChatMessage, ChatTool } from './request.ts';

/** Characters (UTF-16 units) of all that is sent. */
export function countCharacters(
  systemText: string,
  messages: readonly ChatMessage[],
  tools: readonly ChatTool[],
): number {
  const texts = messages.reduce((sum, message) => sum + countMessage(message), systemText.length);
  return texts + (tools.length === 0 ? 0 : JSON.stringify(tools).length);
}

function countMessage(message: ChatMessage): number {
  const content = message.content ?? '';
  const text =
    typeof content === 'string' ? content.length : content.reduce((sum, part) => sum + part.text.length, 0);
  const calls = message.role === 'assistant' ? (message.tool_calls ?? []) : [];
  return calls.reduce((sum, call) => sum + call.function.name.length + call.function.arguments.length, text);
}

/**
 * Leaves out the oldest turns, whole, until the rest is within the purpose's size. A turn is a user's message with all that answered
 * it: half a turn would leave tool results without their call.
 * @throws {AiGatewayError} `ai-input-too-long` when the last turn alone is too long
 */
export function fitTurns(
  messages: readonly ChatMessage[],
  maxCharacters: number,
  fixed: number,
): { messages: ChatMessage[]; droppedTurns: number } {
  const turns: ChatMessage[][] = [];
  for (const message of messages) {
    const last = turns.at(-1);
    if (message.role === 'user' || last === undefined) turns.push([message]);
    else last.push(message);
  }
  const sizes = turns.map((turn) => turn.reduce((sum, message) => sum + countMessage(message), 0));
  let total = sizes.reduce((sum, size) => sum + size, fixed);
  let dropped = 0;
  while (total > maxCharacters && dropped < turns.length - 1) {
    total -= sizes[dropped] ?? 0;
    dropped += 1;
  }
  if (total > maxCharacters) throw new AiGatewayError('ai-input-too-long');
  return { messages: turns.slice(dropped).flat(), droppedTurns: dropped };
}
