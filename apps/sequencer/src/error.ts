const publicMessages = {
  'log-rolled-back':
    'The audit store has fewer leaves than the last signed checkpoint: it was rolled back. Nothing is signed; run cordon audit verify.',
  'log-forked':
    'The leaves of the audit store are not those of the last signed checkpoint. Nothing is signed; run cordon audit verify.',
  'row-malformed':
    'A row of the audit store is not of the form that its append functions write. Nothing is signed; run cordon audit verify.',
  'copy-unavailable':
    'A copy of the log does not answer, or refuses. It is brought up to date once it does again.',
  'another-sequencer': 'Another sequencer has written leaves meanwhile; this one starts again.',
} as const;

export type SequencerErrorCode = keyof typeof publicMessages;

export class SequencerError extends Error {
  override readonly name = 'SequencerError';
  readonly code: SequencerErrorCode;
  readonly publicMessage: string;
  readonly detail: string | undefined;

  constructor(code: SequencerErrorCode, detail?: string) {
    super(`${code}: ${detail ?? publicMessages[code]}`);
    this.code = code;
    this.publicMessage = publicMessages[code];
    this.detail = detail;
  }
}
