import { randomBytes, createHmac } from 'node:crypto';
import type { KnownPerson } from '@cordon/phi-redaction';
import { z } from 'zod';
import { AiGatewayError } from './error.ts';
import type { Gateway, GatewayCall, PreparedCall } from './gateway.ts';

/** A call and what is known of its people, as somebody wrote it down to see what would become of it. */
export interface Example {
  readonly call: GatewayCall;
  readonly known: readonly KnownPerson[];
}

const texts = z.array(z.string().max(1000)).max(100);
const exampleSchema = z.strictObject({
  request: z.unknown(),
  dataClassIds: texts.optional(),
  known: z
    .array(
      z.strictObject({
        names: texts.default([]),
        dates: texts.default([]),
        addresses: texts.default([]),
        emails: texts.default([]),
        numbers: texts.default([]),
      }),
    )
    .max(50)
    .default([]),
});

/**
 * Reads an example from JSON: a request alone, or one with what is known of its people. What it leaves out is taken from the
 * purpose: its data classes, the first of its roles.
 * @throws {AiGatewayError} `ai-request-invalid`
 */
export function readExample(gateway: Gateway, json: string, purposeId: string, role?: string): Example {
  const purpose = gateway.purposes.get(purposeId);
  const read = exampleSchema.safeParse(wrapRequest(parseFile(json)));
  if (!read.success) throw new AiGatewayError('ai-request-invalid', describeIssue(read.error));
  const { request, dataClassIds, known } = read.data;
  return {
    call: {
      purposeId,
      role: role ?? purpose?.roles[0] ?? '',
      dataClassIds: dataClassIds ?? purpose?.allowedDataClasses ?? [],
      request,
    },
    known,
  };
}

function parseFile(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new AiGatewayError('ai-request-invalid', 'the file is no JSON', { cause });
  }
}

/** A file may be the request alone, as a client sends it. */
const wrapRequest = (file: unknown): unknown =>
  typeof file === 'object' && file !== null && 'messages' in file && !('request' in file)
    ? { request: file }
    : file;

/** Who wrote the file reads this: what is unknown in it may be named. */
function describeIssue({ issues: [issue] }: z.ZodError): string {
  const keys = issue?.code === 'unrecognized_keys' ? issue.keys : [];
  const place = [...(issue?.path ?? []), ...keys].map(String).join('.');
  if (place === 'request') return 'the file has no request';
  return `in the file, beside the request: ${place || 'not an object with request, dataClassIds and known'}`;
}

/**
 * What would happen to a call, in lines for a terminal. Nothing is sent, and the pseudonyms are thrown away.
 * @throws {AiGatewayError} with the first reason against it
 */
export function explainCall(gateway: Gateway, { call, known }: Example): string {
  const key = randomBytes(32);
  const derive = (words: string): Uint8Array => createHmac('sha256', key).update(words).digest();
  const checked = gateway.check(call);
  try {
    return renderPrepared(gateway, gateway.prepare(checked, { known, derive }));
  } catch (error) {
    // As the engine has it: a check that did not run to its end is a refusal.
    if (error instanceof AiGatewayError) throw error;
    throw new AiGatewayError('ai-check-failed', undefined, { cause: error });
  }
}

function renderPrepared(gateway: Gateway, prepared: PreparedCall): string {
  const { purpose, messages, tools, replaced, droppedTurns, characters } = prepared;
  const counts = Object.entries(replaced).map(([kind, count]) => `${String(count)} × ${kind}`);
  return [
    `Purpose      ${purpose.id}: ${purpose.description}`,
    `Provider     ${describeProvider(gateway, prepared)}`,
    `Size         ${String(characters)} of ${String(purpose.maxCharacters)} characters; ${String(droppedTurns)} oldest turns left out`,
    `Replaced     ${counts.length === 0 ? 'nothing' : counts.join(', ')}`,
    `Transcript   ${purpose.storeSanitisedTranscript ? `kept under ${purpose.retentionPolicyId}` : 'not kept'}`,
    '',
    'This would be sent, and nothing else:',
    '',
    `system: ${prepared.systemText}`,
    ...messages.map((message) => `${message.role}: ${renderContent(message)}`),
    ...tools.map((tool) => `tool: ${JSON.stringify(tool)}`),
  ].join('\n');
}

function describeProvider(gateway: Gateway, { purpose }: PreparedCall): string {
  try {
    const { id, kind, region, model } = gateway.chooseProvider(purpose);
    return `${id} (${kind}, ${region}, ${model})`;
  } catch (error) {
    return `none: ${(error as AiGatewayError).publicMessage}`;
  }
}

function renderContent(message: PreparedCall['messages'][number]): string {
  const calls = message.role === 'assistant' ? (message.tool_calls ?? []) : [];
  const content = message.content ?? '';
  const text = typeof content === 'string' ? content : content.map((part) => part.text).join('\n');
  return [text, ...calls.map((call) => `${call.function.name}(${call.function.arguments})`)]
    .filter((each) => each !== '')
    .join('\n');
}
