import type { ReadingProgress } from './reading/index.ts';

/** How far uploads are, while they are under way; in this process's memory, and nothing of any form. */
export interface ProgressBoard {
  put(caller: BoardCaller, uploadId: string, progress: ReadingProgress): void;
  /** Null for an upload that is over, of somebody else, or at another replica: the three cannot be told apart. */
  find(caller: BoardCaller, uploadId: string): ReadingProgress | null;
  remove(caller: BoardCaller, uploadId: string): void;
}

interface BoardCaller {
  readonly tenantId: string;
  readonly subject: string;
}

const mostUploads = 500;

export function createProgressBoard(): ProgressBoard {
  const board = new Map<string, ReadingProgress>();
  const nameOf = ({ tenantId, subject }: BoardCaller, uploadId: string): string =>
    `${tenantId} ${subject} ${uploadId}`;
  return {
    put(caller, uploadId, progress) {
      const oldest = board.keys().next().value;
      if (board.size >= mostUploads && oldest !== undefined) board.delete(oldest);
      board.set(nameOf(caller, uploadId), progress);
    },
    find: (caller, uploadId) => board.get(nameOf(caller, uploadId)) ?? null,
    remove(caller, uploadId) {
      board.delete(nameOf(caller, uploadId));
    },
  };
}
