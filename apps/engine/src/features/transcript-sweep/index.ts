export { sweepTranscripts } from './sweep-transcripts.ts';
