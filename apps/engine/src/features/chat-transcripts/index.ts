import { z } from 'zod';
import { freeText, registerRecordRoutes, type RecordKind } from '../../records/index.ts';
import type { RouteTools } from '../../server/route-tools.ts';

/** What a patient and the assistant said. The shipped policy lets clinicians read it and nobody write it by hand. */
const chatTranscripts: RecordKind = {
  segment: 'chat-transcripts',
  resourceType: 'ChatTranscript',
  words: { one: 'a chat transcript', many: 'chat transcripts' },
  dataClass: 'chatTranscriptPHI',
  table: 'clinical.chat_transcripts',
  versions: 'clinical.chat_transcript_versions',
  createdColumn: 'started_at',
  order: { column: 'started_at', first: 'newest' },
  plain: {
    purposeId: {
      column: 'purpose_id',
      input: z.string().regex(/^purpose\.[A-Za-z.]{2,60}$/),
      fixed: true,
    },
    state: { column: 'state', input: z.enum(['open', 'handed-over', 'closed']), initial: 'open' },
  },
  sealed: { transcript: { column: 'transcript', input: freeText(40_000) } },
};

export function registerChatTranscriptRoutes(tools: RouteTools): void {
  registerRecordRoutes(tools, chatTranscripts);
}
