import { deleteJson, getJson, postJson, requestError, toRequestError } from '@cordon/clinic-page';
import type { Message } from '../conversation/conversation.ts';

/** Counts up with every change of the words of consent: a decision is kept with the wording that it was about. */
export const consentWordingVersion = 1;

interface Me {
  readonly patientRecordId: string | null;
  readonly clinics: readonly { readonly id: string }[];
}
interface ConsentRecord {
  readonly consentKind: string;
  readonly wordingVersion: number;
  readonly state: string;
}
export interface KeptConversation {
  readonly id: string;
  readonly state: 'open' | 'handed-over' | 'closed';
  readonly startedAt: string;
  readonly updatedAt: string;
}
interface OpenedConversation extends KeptConversation {
  readonly turns: readonly { readonly speaker: string; readonly at: string; readonly text: string }[];
}

const kind = 'ai-assistant';
const path = (id: string): string => `/api/v1/ai/conversations/${encodeURIComponent(id)}`;

async function readMe(): Promise<{ patientId: string; clinicId: string }> {
  const { patientRecordId, clinics } = await getJson<Me>('/api/v1/me');
  const clinicId = clinics[0]?.id;
  if (patientRecordId === null || clinicId === undefined) throw requestError('refused');
  return { patientId: patientRecordId, clinicId };
}

/** Whether the patient's last word, about these very words, was yes. Throws RequestError. */
export async function hasConsented(): Promise<boolean> {
  const { patientId } = await readMe();
  const { items } = await getJson<{ items: readonly ConsentRecord[] }>(
    `/api/v1/consent-records?patientId=${patientId}&limit=50`,
  );
  const last = items.find(({ consentKind }) => consentKind === kind);
  return last?.state === 'given' && last.wordingVersion === consentWordingVersion;
}

/** Throws RequestError. */
export async function recordConsent(state: 'given' | 'withdrawn', idempotencyKey: string): Promise<void> {
  const { patientId, clinicId } = await readMe();
  await postJson(
    '/api/v1/consent-records',
    { clinicId, patientId, consentKind: kind, wordingVersion: consentWordingVersion, state },
    { idempotencyKey },
  );
}

/** The conversations whose words are still there, newest first. Throws RequestError. */
export async function listConversations(): Promise<readonly KeptConversation[]> {
  const { items } = await getJson<{ items: readonly KeptConversation[] }>(
    '/api/v1/ai/conversations?limit=50',
  );
  return items.filter(({ state }) => state !== 'closed');
}

/** What was said, as it was kept: with stand-ins in the place of people. Throws RequestError. */
export async function readConversation(id: string): Promise<readonly Message[]> {
  const { turns } = await getJson<OpenedConversation>(path(id));
  return turns.map(({ speaker, text }, index) => ({
    id: `${id}/${index}`,
    author: speaker === 'assistant' ? 'assistant' : 'person',
    text,
    // So the clinic's server ends an answer that was left before its end.
    state: speaker === 'assistant' && text.endsWith(' […]') ? 'cut' : 'whole',
  }));
}

/** The words are destroyed. Throws RequestError. */
export async function eraseConversation(id: string): Promise<void> {
  await deleteJson(path(id)).catch((failure: unknown) => {
    // Already gone is as good as gone now.
    if (toRequestError(failure).code !== 'not-found') throw failure;
  });
}

/** The clinic gets an alert. Throws RequestError. */
export async function askForPerson(id: string): Promise<void> {
  await postJson(`${path(id)}/hand-over`);
}
