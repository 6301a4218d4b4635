export { PanScrubberError } from './errors.ts';
export type { PanScrubberErrorCode } from './errors.ts';
export { scrub } from './scrub.ts';
export type { Finding, ScrubResult } from './scrub.ts';
export { REDACTION } from './spans.ts';
export type { FindingReason } from './spans.ts';
export { openScrubStream } from './stream.ts';
export type { ScrubStream } from './stream.ts';
