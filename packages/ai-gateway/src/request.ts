import { z } from 'zod';
import { AiGatewayError } from './error.ts';
import { refuseUnbounded } from './refuse-unbounded.ts';

const MAX_MESSAGES = 200;
const MAX_PARTS = 50;
const MAX_TEXT = 100_000;
const MAX_TOOLS = 32;

const text = z.string().max(MAX_TEXT);
const name = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9_-]+$/u);
const textPart = z.strictObject({ type: z.literal('text'), text });
const content = z.union([text, z.array(textPart).max(MAX_PARTS)]);
const toolCall = z.strictObject({
  id: z.string().max(100),
  type: z.literal('function'),
  function: z.strictObject({ name, arguments: text }),
});

const message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('user'), content, name: name.optional() }),
  z.strictObject({
    role: z.literal('assistant'),
    content: content.nullish(),
    refusal: z.null().optional(),
    name: name.optional(),
    tool_calls: z.array(toolCall).max(MAX_TOOLS).optional(),
  }),
  z.strictObject({ role: z.literal('tool'), content, tool_call_id: z.string().max(100) }),
]);

const tool = z.strictObject({
  type: z.literal('function'),
  function: z.strictObject({
    name,
    description: text.optional(),
    parameters: z.record(z.string(), z.json()).optional(),
    strict: z.boolean().nullish(),
  }),
});

const chatRequest = z.strictObject({
  model: z.string().max(200),
  messages: z.array(message).min(1).max(MAX_MESSAGES),
  stream: z.boolean().nullish(),
  stream_options: z.strictObject({ include_usage: z.boolean().optional() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  max_tokens: z.int().min(1).max(32_000).nullish(),
  max_completion_tokens: z.int().min(1).max(32_000).nullish(),
  n: z.literal(1).nullish(),
  tools: z.array(tool).max(MAX_TOOLS).optional(),
  tool_choice: z.enum(['none', 'auto', 'required']).optional(),
  metadata: z
    .strictObject({
      purpose: z.string().max(200).optional(),
      conversation: z.uuid().optional(),
      patient: z.uuid().optional(),
    })
    .nullish(),
});

/** The part of OpenAI's chat completion request that the gateway knows how to inspect. Everything else is refused. */
export type ChatRequest = z.infer<typeof chatRequest>;
export type ChatMessage = ChatRequest['messages'][number];
export type ChatTool = NonNullable<ChatRequest['tools']>[number];

const PICTURE_PARTS = new Set([
  'image_url',
  'input_image',
  'image',
  'input_audio',
  'file',
  'input_file',
  'refusal',
]);

/**
 * Reads a request of OpenAI's form (https://platform.openai.com/docs/api-reference/chat/create).
 * @throws {AiGatewayError} `ai-picture-refused`, `ai-system-text-not-allowed`, or `ai-request-invalid` with the path of the first problem
 */
export function parseChatRequest(body: unknown): ChatRequest {
  refuseUnbounded(body);
  const parsed = chatRequest.safeParse(body);
  if (parsed.success) return parsed.data;
  refuseKnownWrongs(body);
  const [issue] = parsed.error.issues;
  const field = describePlace(issue);
  const reason = issue?.code ?? 'invalid';
  throw new AiGatewayError('ai-request-invalid', `${field || 'request'}: ${reason}`, {
    ...(field !== '' && { fields: [{ field, reason }] }),
  });
}

/** Says more than “unknown” of what people send on purpose and the gateway never takes. */
function refuseKnownWrongs(body: unknown): void {
  const messages = z
    .object({ messages: z.array(z.looseObject({ role: z.unknown(), content: z.unknown() })) })
    .safeParse(body);
  if (!messages.success) return;
  for (const { role, content: given } of messages.data.messages) {
    if (role === 'system' || role === 'developer') throw new AiGatewayError('ai-system-text-not-allowed');
    const parts = z.array(z.looseObject({ type: z.string() })).safeParse(given);
    if (parts.success && parts.data.some(({ type }) => PICTURE_PARTS.has(type)))
      throw new AiGatewayError('ai-picture-refused');
  }
}

/** Members of OpenAI's API, of which the gateway takes some: a refusal may name these. A key that somebody made up could hold anything. */
const MEMBERS = new Set([
  'model', 'messages', 'role', 'content', 'name', 'refusal', 'tool_calls', 'tool_call_id', 'id', 'type', 'function', 'arguments',
  'text', 'tools', 'description', 'parameters', 'strict', 'stream', 'stream_options', 'include_usage', 'temperature', 'top_p',
  'max_tokens', 'max_completion_tokens', 'n', 'tool_choice', 'metadata', 'purpose', 'conversation', 'patient',
  'annotations', 'audio', 'custom', 'frequency_penalty', 'function_call', 'functions', 'include_obfuscation', 'logit_bias', 'logprobs',
  'modalities', 'parallel_tool_calls', 'prediction', 'presence_penalty', 'prompt_cache_key', 'prompt_cache_retention',
  'reasoning_content', 'reasoning_effort', 'response_format', 'safety_identifier', 'seed', 'service_tier', 'stop', 'store',
  'top_logprobs', 'user', 'verbosity', 'web_search_options',
]); // prettier-ignore

function describePlace(issue: z.core.$ZodIssue | undefined): string {
  const path = [
    ...(issue?.path ?? []),
    ...(issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []),
  ];
  return path
    .filter((step) => typeof step === 'number' || MEMBERS.has(String(step)))
    .map(String)
    .join('.');
}
