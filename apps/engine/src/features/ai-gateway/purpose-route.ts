import { randomUUID } from 'node:crypto';
import { AiGatewayError, buildInput, listSources } from '@cordon/ai-gateway';
import { z } from 'zod';
import type { RequestCaller } from '../../caller/caller.ts';
import { EngineError } from '../../error.ts';
import { lowerId, readWhole, type RecordKind } from '../../records/index.ts';
import type { RouteTools } from '../../server/route-tools.ts';
import { clinicalRecords, isAmended } from '../clinical-records/index.ts';
import { treatmentPlans } from '../treatment-plans/index.ts';
import { answerCall } from './answer-call.ts';
import type { AskedCall, GatewayParts } from './call.ts';
import { describeAnswer, toChunks, toCompletion } from './chat-format.ts';
import { sendStream, startFirst, watchClient, writeEvents } from './chat-route.ts';
import { prepareCall } from './prepare-call.ts';
import type { GatewayConfig } from './read-config.ts';
import { recordRefusal } from './steps/record-call.ts';
import { choosePurpose } from './steps/choose-purpose.ts';
import { ANY_MODEL } from './steps/choose-provider.ts';
import { createProblemHandler } from './tell-problem.ts';

/** Records whose fields a purpose may name. */
const kinds: readonly RecordKind[] = [treatmentPlans, clinicalRecords];

const body = z.strictObject({ recordId: lowerId, stream: z.boolean().default(false) });
const params = z.object({ id: z.string().max(100) });

interface Source {
  readonly dataClass: string;
  readonly recordId: string;
  readonly version: number;
  readonly fields: readonly string[];
}

/** `POST /v1/ai/purposes/:id`: names a record, and the gateway builds the input from the purpose's fields of it. */
export function registerPurposeRoute(tools: RouteTools, parts: GatewayParts): void {
  const { server } = tools;
  const ending = new AbortController();
  server.addHook('preClose', (done) => {
    ending.abort();
    done();
  });
  server.post('/v1/ai/purposes/:id', {
    schema: {
      summary: 'Use a purpose on one record; the answer is marked as generated and names its sources',
      params,
      body,
    },
    config: { decides: { action: 'use-in-ai', dataClass: 'treatmentPlan' } },
    onRequest: tools.enter('ai'),
    errorHandler: createProblemHandler(parts.engine.logger),
    handler: async (request, reply) => {
      const caller = tools.callerOf(request);
      const gone = watchClient(reply, ending.signal);
      const { asked, source } = await readRecord(parts, caller, request.params.id, request.body.recordId);
      const call = await prepareCall(parts, caller, asked);
      const created = Math.floor(Date.now() / 1000);
      const events = answerCall(parts, call, gone);
      void reply.header('x-cordon-provider', call.provider.id);
      if (request.body.stream) {
        const chunks = toChunks(call, await startFirst(events), created, true, [source]);
        return sendStream(reply, writeEvents(chunks, request.id));
      }
      const { choices, usage } = await toCompletion(call, events, created);
      return {
        id: asked.id,
        created: new Date(created * 1000).toISOString(),
        text: choices[0]?.message.content ?? '',
        usage,
        sources: [source],
        ...describeAnswer(call),
        /** By whom is for people to say: nothing generated counts before somebody has confirmed it. */
        confirmed: false,
      };
    },
  });
}

/** The record, opened as its own route opens it, and what of it the purpose names. */
async function readRecord(
  parts: GatewayParts,
  caller: RequestCaller,
  purposeId: string,
  recordId: string,
): Promise<{ asked: AskedCall; source: Source }> {
  const unread: AskedCall = {
    id: randomUUID(),
    purposeId,
    model: ANY_MODEL,
    request: undefined,
    patientId: undefined,
    conversation: randomUUID(),
  };
  let config: GatewayConfig | undefined;
  try {
    config = await parts.readConfig();
    const purpose = choosePurpose(config, caller, unread);
    const kind = kinds.find(({ dataClass }) => purpose.allowedDataClasses.includes(dataClass));
    if (kind === undefined) throw new AiGatewayError('ai-data-class-not-allowed');
    const { row, shown } = await readWhole(parts.engine, caller, kind, recordId);
    // What is summed up is the record as it is: of an entry that somebody amended since there is nothing to sum up.
    if (kind === clinicalRecords && (await isAmended(parts.engine, caller, recordId)))
      throw new EngineError('record-changed');
    const fields = { [kind.dataClass]: shown };
    return {
      asked: {
        ...unread,
        config,
        dataClassIds: [kind.dataClass],
        patientId: row.patient_id,
        request: { model: ANY_MODEL, messages: [{ role: 'user', content: buildInput(purpose, fields) }] },
      },
      source: {
        dataClass: kind.dataClass,
        recordId,
        version: typeof row['version'] === 'number' ? row['version'] : 1,
        fields: listSources(purpose, fields),
      },
    };
  } catch (error) {
    throw await recordRefusal(parts.engine, { asked: unread, caller, config }, error);
  }
}
