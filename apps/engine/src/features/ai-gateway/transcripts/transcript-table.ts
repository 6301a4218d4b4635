/** Where patients' conversations stand; `clinical.close_ai_call` adds to them. */
export const transcriptTable = 'clinical.chat_transcripts';
