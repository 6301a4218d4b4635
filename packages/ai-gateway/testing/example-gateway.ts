import { createHmac, randomBytes } from 'node:crypto';
import { loadPolicy, type AiGatewayFile } from '@cordon/access-policy';
import {
  compileGateway,
  type Gateway,
  type GatewayCall,
  type GatewayContext,
  type PreparedCall,
} from '../index.ts';

const folder = new URL('../../../config', import.meta.url).pathname;

/** The configuration of this repository. */
export async function readGatewayFile(): Promise<AiGatewayFile> {
  return (await loadPolicy(folder)).files.aiGateway;
}

/** The same with tools allowed for triage and a provider for every purpose. */
export async function openExampleGateway(): Promise<Gateway> {
  const file = await readGatewayFile();
  return compileGateway({
    ...file,
    purposes: file.purposes.map((purpose) => ({
      ...purpose,
      whitelistedFields: [...purpose.whitelistedFields, 'chatMessage.tools'],
    })),
    providers: [
      {
        id: 'provider.example',
        description: 'An example.',
        kind: 'local',
        baseUrl: 'http://127.0.0.1:1/',
        region: file.defaultRegion,
        model: 'example',
        allowedPurposes: file.purposes.map(({ id }) => id),
      },
    ],
  });
}

export const patient = {
  names: ['Amira Holloway'],
  dates: ['1984-03-17'],
  emails: ['amira.holloway@example.com'],
  numbers: ['07700 900123', '9434765919'],
  addresses: ['12 Orchard Lane, LS6 3HN'],
};

export function newContext(): GatewayContext {
  const key = randomBytes(32);
  return {
    known: [patient],
    derive: (words) => createHmac('sha256', key).update(words).digest(),
  };
}

export function triageCall(request: unknown): GatewayCall {
  return {
    purposeId: 'purpose.chat.triage.assist',
    role: 'role.patient',
    dataClassIds: ['chatTranscriptPHI'],
    request,
  };
}

export function summaryCall(request: unknown): GatewayCall {
  return {
    purposeId: 'purpose.summary.treatmentPlan',
    role: 'role.clinician',
    dataClassIds: ['treatmentPlan'],
    request,
  };
}

/** Checked and prepared, as the engine does it with what it asks of its stores between the two. */
export function prepareWhole(gateway: Gateway, call: GatewayCall, context: GatewayContext): PreparedCall {
  return gateway.prepare(gateway.check(call), context);
}
