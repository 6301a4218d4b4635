import { AiGatewayError } from './error.ts';
import type { ChatMessage, ChatTool } from './request.ts';

/** A change to every piece of text that people or models wrote. */
export type ChangeText = (text: string) => string;

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Applies a change to every text of a message: parts, names, and the arguments and results of tools, leaf by leaf. */
export function mapMessage(message: ChatMessage, change: ChangeText): ChatMessage {
  switch (message.role) {
    case 'user':
      return { ...message, content: mapContent(message.content, change) };
    case 'tool':
      return { ...message, content: mapToolResult(message.content, change) };
    case 'assistant':
      return {
        ...message,
        ...(message.content === undefined || message.content === null
          ? {}
          : { content: mapContent(message.content, change) }),
        ...(message.tool_calls === undefined
          ? {}
          : {
              tool_calls: message.tool_calls.map((call) => ({
                ...call,
                function: { ...call.function, arguments: mapJsonText(call.function.arguments, change) },
              })),
            }),
      };
  }
}

type Content = Extract<ChatMessage, { role: 'user' }>['content'];

function mapContent(content: Content, change: ChangeText): Content {
  return typeof content === 'string'
    ? change(content)
    : content.map((part) => ({ ...part, text: change(part.text) }));
}

/** Results of tools are JSON more often than not; what is none is changed as a text. */
function mapToolResult(content: Content, change: ChangeText): Content {
  if (typeof content !== 'string') return mapContent(content, change);
  try {
    return mapJsonText(content, change);
  } catch {
    return change(content);
  }
}

/**
 * Changes each string, key and long number in a JSON text. Inside the text the same words could be written with escapes.
 * @throws {AiGatewayError} `ai-request-invalid` when it is no JSON
 */
export function mapJsonText(json: string, change: ChangeText): string {
  let value: Json;
  try {
    value = JSON.parse(json === '' ? '{}' : json) as Json;
  } catch (cause) {
    throw new AiGatewayError('ai-request-invalid', 'arguments of a tool call are no JSON', { cause });
  }
  return JSON.stringify(mapJson(value, change, 0));
}

const MAX_DEPTH = 32;

export function mapJson(value: Json, change: ChangeText, depth: number): Json {
  if (depth > MAX_DEPTH) throw new AiGatewayError('ai-request-invalid', 'nested too deep');
  if (typeof value === 'string') return change(value);
  // A telephone or record number that was not put in quotes is one all the same.
  if (typeof value === 'number') {
    const changed = change(String(value));
    return changed === String(value) ? value : changed;
  }
  if (Array.isArray(value)) return value.map((each) => mapJson(each, change, depth + 1));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [change(key), mapJson(each, change, depth + 1)]),
  );
}

/** Tools are written by developers, but what is in them leaves the house like everything else. */
export function mapTool(tool: ChatTool, change: ChangeText): ChatTool {
  const { description, parameters } = tool.function;
  return {
    ...tool,
    function: {
      ...tool.function,
      ...(description === undefined ? {} : { description: change(description) }),
      ...(parameters === undefined
        ? {}
        : { parameters: mapJson(parameters, change, 0) as Record<string, Json> }),
    },
  };
}
