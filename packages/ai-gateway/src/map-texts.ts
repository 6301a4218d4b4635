import { AiGatewayError } from './error.ts';
import type { ChatMessage, ChatTool } from './request.ts';

/** A change to every piece of text that people or models wrote. */
export type ChangeText = (text: string) => string;

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export interface TextChanges {
  readonly change: ChangeText;
  /** The same for what nobody reads as a part of what stands before and behind it: keys, and what tools are described with. */
  readonly changeApart: ChangeText;
  /** For what must stay as it is to be of use: names of functions. @throws {AiGatewayError} where somebody is named */
  readonly refuseNames: (name: string) => void;
  /** For ids that clients make up: one of our own in the place of each, the same for the same. */
  readonly idFor: (id: string) => string;
}

/**
 * A message made anew of what may be sent of it: its texts, the arguments and results of tools leaf by leaf, changed; ids of our own; and
 * who is said to speak left out, which no purpose lists.
 */
export function mapMessage(message: ChatMessage, changes: TextChanges): ChatMessage {
  const { change, idFor } = changes;
  switch (message.role) {
    case 'user':
      return { role: 'user', content: mapContent(message.content, change) };
    case 'tool':
      return {
        role: 'tool',
        content: mapContent(message.content, (text) => mapToolResult(text, changes)),
        tool_call_id: idFor(message.tool_call_id),
      };
    case 'assistant': {
      const { content, tool_calls } = message;
      return {
        role: 'assistant',
        ...(content !== undefined && { content: content === null ? null : mapContent(content, change) }),
        ...(tool_calls !== undefined && { tool_calls: tool_calls.map((call) => mapCall(call, changes)) }),
      };
    }
  }
}

type ToolCall = NonNullable<Extract<ChatMessage, { role: 'assistant' }>['tool_calls']>[number];

function mapCall(call: ToolCall, changes: TextChanges): ToolCall {
  const { change, changeApart, idFor, refuseNames } = changes;
  const { name, arguments: given } = call.function;
  refuseNames(name);
  return {
    id: idFor(call.id),
    type: 'function',
    function: { name, arguments: JSON.stringify(mapJson(readArguments(given), change, 0, changeApart)) },
  };
}

type Content = Extract<ChatMessage, { role: 'user' }>['content'];

function mapContent(content: Content, change: ChangeText): Content {
  return typeof content === 'string'
    ? change(content)
    : content.map((part) => ({ ...part, text: change(part.text) }));
}

/**
 * Results of tools are JSON more often than not: inside of it the same words could be written with escapes, so each string, key and
 * long number is changed. What is no JSON is changed as a text.
 */
function mapToolResult(text: string, changes: TextChanges): string {
  const value = parseJson(text);
  return value === undefined
    ? changes.change(text)
    : JSON.stringify(mapJson(value, changes.change, 0, changes.changeApart));
}

/** @throws {AiGatewayError} `ai-request-invalid` when they are no JSON */
function readArguments(text: string): Json {
  const value = text === '' ? {} : parseJson(text);
  if (value === undefined)
    throw new AiGatewayError('ai-request-invalid', 'arguments of a tool call are no JSON');
  return value;
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

const MAX_DEPTH = 32;

/** @param changeKey to the names of members; the same as to their values where it is left out */
function mapJson(value: Json, change: ChangeText, depth: number, changeKey = change): Json {
  if (depth > MAX_DEPTH) throw new AiGatewayError('ai-request-invalid', 'nested too deep');
  if (typeof value === 'string') return change(value);
  // A telephone or record number that was not put in quotes is one all the same.
  if (typeof value === 'number') {
    const changed = change(String(value));
    return changed === String(value) ? value : changed;
  }
  if (Array.isArray(value)) return value.map((each) => mapJson(each, change, depth + 1, changeKey));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [changeKey(key), mapJson(each, change, depth + 1, changeKey)]),
  );
}

/** The dialects of JSON Schema, which stand in most schemas as an address; every other address is somebody's. */
const DIALECT = /^https?:\/\/json-schema\.org\/(?:draft-0[467]\/schema#?|draft\/20(?:19-09|20-12)\/schema)$/u;

/** Of JSON Schema, and of nobody: without these words as they are no provider reads a schema. */
const KEYWORDS = new Set([
  '$schema', '$id', '$ref', '$defs', '$comment', 'definitions', 'type', 'properties', 'required', 'additionalProperties',
  'patternProperties', 'propertyNames', 'unevaluatedProperties', 'minProperties', 'maxProperties', 'dependentRequired',
  'dependentSchemas', 'items', 'prefixItems', 'additionalItems', 'unevaluatedItems', 'contains', 'minContains', 'maxContains',
  'minItems', 'maxItems', 'uniqueItems', 'enum', 'const', 'anyOf', 'oneOf', 'allOf', 'not', 'if', 'then', 'else', 'title',
  'description', 'default', 'examples', 'deprecated', 'readOnly', 'writeOnly', 'format', 'pattern', 'minLength', 'maxLength',
  'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'contentEncoding', 'contentMediaType', 'nullable',
]); // prettier-ignore

function mapParameters(parameters: Record<string, Json>, change: ChangeText): Record<string, Json> {
  const changeKey: ChangeText = (key) => (KEYWORDS.has(key) ? key : change(key));
  const mapped = mapJson(parameters, change, 0, changeKey) as Record<string, Json>;
  const { $schema } = parameters;
  return typeof $schema === 'string' && DIALECT.test($schema) ? { ...mapped, $schema } : mapped;
}

/** Tools are written by developers, but what is in them leaves the house like everything else. */
export function mapTool(tool: ChatTool, { changeApart: change, refuseNames }: TextChanges): ChatTool {
  const { name, description, parameters } = tool.function;
  refuseNames(name);
  return {
    ...tool,
    function: {
      ...tool.function,
      ...(description === undefined ? {} : { description: change(description) }),
      ...(parameters === undefined ? {} : { parameters: mapParameters(parameters, change) }),
    },
  };
}
