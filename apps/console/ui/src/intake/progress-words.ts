export type UploadStage = 'sending' | 'reading' | 'still-reading' | 'long-reading';

/** The stage by the share sent (0 to 1) and the seconds since the last byte left. */
export function stageOf(sent: number, secondsReading: number): UploadStage {
  if (sent < 1) return 'sending';
  if (secondsReading < 10) return 'reading';
  return secondsReading < 30 ? 'still-reading' : 'long-reading';
}

export const STAGE_WORDS: Record<UploadStage, { readonly title: string; readonly body: string }> = {
  sending: { title: 'Sending the form', body: 'Stay on this page until it is done.' },
  reading: {
    title: 'Reading the form',
    body: 'A page takes about five seconds. Card numbers are removed before anything is stored.',
  },
  'still-reading': {
    title: 'Still reading',
    body: 'Forms with several pages take longer. Card numbers are removed before anything is stored.',
  },
  'long-reading': {
    title: 'Still reading',
    body: 'This is taking longer than usual. You can wait, or cancel and send it again later.',
  },
};

/** The engine's own word on an upload that it reads. */
export interface ReadingProgress {
  /** `unknown`: the reading has not begun, is over, or is another replica's. */
  readonly stage: 'waiting' | 'reading' | 'blacking-out' | 'unknown';
  readonly page: number;
}

/** What is being done just now; `otherwise` where the engine did not say. */
export function titleOf(progress: ReadingProgress | undefined, otherwise: string): string {
  if (progress === undefined || progress.stage === 'unknown') return otherwise;
  if (progress.stage === 'waiting') return 'Waiting: other forms are being read';
  return progress.stage === 'reading' ? `Reading page ${progress.page}` : 'Blacking out the picture';
}
