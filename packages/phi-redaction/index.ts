export { findAcross, listOrders, type Passage } from './src/across.ts';
export { IDENTIFIER_KINDS, mergeFindings, type Finding, type IdentifierKind } from './src/finding.ts';
export { PhiRedactionError, type PhiRedactionErrorCode } from './src/error.ts';
export { compileKnown, type KnownIdentifiers, type KnownPerson } from './src/known.ts';
export { loadWords } from './src/ordinary-slips.ts';
export { findIdentifiers, MAX_TEXT_LENGTH } from './src/redact.ts';
export { LONGEST_PLACEHOLDER, Pseudonyms, type DerivePseudonym } from './src/pseudonyms.ts';
export { openRestoreStream, type RestoreStream } from './src/restore-stream.ts';
