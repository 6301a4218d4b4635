import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AskedCall } from './call.ts';
import { ANY_MODEL } from './steps/choose-provider.ts';

/** Read leniently: whether the request is a good one is asked by the steps, which leave an entry of what they refuse. */
const text = z.string().max(200).optional().catch(undefined);
const id = z.guid().toLowerCase().optional().catch(undefined);
const hints = z.object({
  model: text,
  stream: z.boolean().nullish().catch(undefined),
  stream_options: z.object({ include_usage: z.boolean().optional() }).nullish().catch(undefined),
  metadata: z.object({ purpose: text, conversation: id, patient: id }).nullish().catch(undefined),
});

export interface AskedChat {
  readonly asked: AskedCall;
  readonly stream: boolean;
  readonly includeUsage: boolean;
}

/** A header of OpenAI's client (`defaultHeaders`), or the request's metadata. */
export function readChat(request: FastifyRequest): AskedChat {
  const read = hints.safeParse(request.body);
  const { model = ANY_MODEL, metadata, stream, stream_options } = read.success ? read.data : {};
  const header = (name: string): string | undefined => text.parse(request.headers[name]);
  const purposes = [header('x-cordon-purpose'), metadata?.purpose, model.startsWith('purpose.') ? model : undefined];
  const patient = chooseId(request.headers['x-cordon-patient'], metadata?.patient);
  const conversation = chooseId(request.headers['x-cordon-conversation'], metadata?.conversation);
  return {
    stream: stream ?? false,
    includeUsage: stream_options?.include_usage ?? false,
    asked: {
      id: randomUUID(),
      purposeId: chooseOne(purposes),
      model,
      request: request.body,
      patientId: patient.id,
      conversation: conversation.id ?? randomUUID(),
      ...(patient.unclear && { unclear: 'metadata.patient' }),
      ...(conversation.unclear && { unclear: 'metadata.conversation' }),
    },
  };
} // prettier-ignore

/** Of several places that name a purpose none outranks another: where they disagree, none is named. */
function chooseOne(purposes: readonly (string | undefined)[]): string {
  const named = new Set(purposes.filter((purpose) => purpose !== undefined));
  const [only] = named;
  return named.size === 1 && only !== undefined ? only : '';
}

/** A header that holds no id, or another one than the metadata, names nobody: to go on without it could mean somebody else. */
function chooseId(
  header: unknown,
  inMetadata: string | undefined,
): { id: string | undefined; unclear: boolean } {
  if (header === undefined || header === '') return { id: inMetadata, unclear: false };
  const named = id.parse(header);
  const unclear = named === undefined || (inMetadata !== undefined && inMetadata !== named);
  return { id: unclear ? undefined : named, unclear };
}
