import type { Tone } from '../parts/tag.tsx';

const STATES: Readonly<Record<string, { readonly tone: Tone; readonly words: string }>> = {
  open: { tone: 'neutral', words: 'With the assistant' },
  'handed-over': { tone: 'warning', words: 'Asks for a person' },
  closed: { tone: 'neutral', words: 'Erased by the patient' },
};

export const sayConversationState = (state: string): { readonly tone: Tone; readonly words: string } =>
  STATES[state] ?? { tone: 'neutral', words: state };

const SPEAKERS: Readonly<Record<string, string>> = {
  patient: 'Patient',
  staff: 'Staff',
  assistant: 'Assistant',
};

export const saySpeaker = (speaker: string): string => SPEAKERS[speaker] ?? speaker;
