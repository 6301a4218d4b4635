import { deleteJson, getJson, postJson, requestError, toRequestError } from '@cordon/clinic-page';
import { toMessages, type Message } from '../conversation/conversation.ts';

/** Counts up with every change of the words of consent: a decision is kept with the wording that it was about. */
export const consentWordingVersion = 1;

interface Me {
  readonly patientRecordId: string | null;
  readonly clinics: readonly { readonly id: string; readonly telephone: string | null }[];
}

export interface Patient {
  readonly patientId: string;
  readonly clinicId: string;
  /** Of their clinic, as it writes its number; null where it wrote none. */
  readonly phone: string | null;
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

/** Throws RequestError. */
export async function readPatient(): Promise<Patient> {
  const { patientRecordId, clinics } = await getJson<Me>('/api/v1/me');
  const [clinic] = clinics;
  if (patientRecordId === null || clinic === undefined) throw requestError('refused');
  return { patientId: patientRecordId, clinicId: clinic.id, phone: clinic.telephone };
}

/** Whether the patient's last word, about these very words, was yes. Throws RequestError. */
export async function hasConsented({ patientId }: Patient): Promise<boolean> {
  const { items } = await getJson<{ items: readonly ConsentRecord[] }>(
    `/api/v1/consent-records?patientId=${patientId}&limit=50`,
  );
  const last = items.find(({ consentKind }) => consentKind === kind);
  return last?.state === 'given' && last.wordingVersion === consentWordingVersion;
}

/** Throws RequestError. */
export async function recordConsent(
  { patientId, clinicId }: Patient,
  state: 'given' | 'withdrawn',
  idempotencyKey: string,
): Promise<void> {
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
  return toMessages(id, turns);
}

/** The words are destroyed. Throws RequestError. */
export async function eraseConversation(id: string): Promise<void> {
  await deleteJson(path(id)).catch((failure: unknown) => {
    // Already gone is as good as gone now.
    if (toRequestError(failure).code !== 'not-found') throw failure;
  });
}

/** The clinic gets an alert, and one alone: who asks again, or did not hear the answer, has been heard. Throws RequestError. */
export async function askForPerson(id: string): Promise<void> {
  try {
    await postJson(`${path(id)}/hand-over`);
  } catch (failure) {
    if (toRequestError(failure).problem !== 'record-changed') throw failure;
    const { state } = await getJson<OpenedConversation>(path(id));
    if (state !== 'handed-over') throw failure;
  }
}
