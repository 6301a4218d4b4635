import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { WitnessedHead } from '@cordon/transparency-log';
import { z } from 'zod';
import { WitnessError } from './error.ts';

/** What a witness cosigned last, for each log. */
export interface HeadStore {
  /**
   * Runs `work` with the last head of a log, alone for that log, and makes the new head durable before it resolves: of two
   * requests at once, the second sees what the first left (C2SP tlog-witness asks for both).
   * @throws WitnessError `witness-head-damaged`
   */
  advance<Result>(
    origin: string,
    work: (latest: WitnessedHead | undefined) => { readonly head: WitnessedHead; readonly result: Result },
  ): Promise<Result>;
}

const stored = z.strictObject({
  origin: z.string(),
  size: z.number().int().nonnegative(),
  root: z.string().regex(/^[0-9a-f]{64}$/),
});

/** One file a log. A file that cannot be read is never taken for a log not seen before. */
export function openHeadStore(folder: string): HeadStore {
  const turns = new Map<string, Promise<unknown>>();
  // An origin may hold slashes; its hash is a file name.
  const fileOf = (origin: string): string => join(folder, createHash('sha256').update(origin).digest('hex'));

  async function read(origin: string): Promise<WitnessedHead | undefined> {
    let text: string;
    try {
      text = await readFile(fileOf(origin), 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw new WitnessError('witness-head-damaged', { cause: error });
    }
    try {
      const head = stored.parse(JSON.parse(text));
      if (head.origin === origin) return { size: head.size, root: Buffer.from(head.root, 'hex') };
    } catch (cause) {
      throw new WitnessError('witness-head-damaged', { cause });
    }
    throw new WitnessError('witness-head-damaged', { detail: 'the file is of another log' });
  }

  async function write(origin: string, { size, root }: WitnessedHead): Promise<void> {
    await mkdir(folder, { recursive: true });
    const file = fileOf(origin);
    const draft = await open(`${file}.draft`, 'w', 0o600);
    try {
      await draft.writeFile(JSON.stringify({ origin, size, root: Buffer.from(root).toString('hex') }));
      await draft.sync();
    } finally {
      await draft.close();
    }
    await rename(`${file}.draft`, file);
    // The name as well, or a power cut could bring the old head back.
    const directory = await open(folder, 'r');
    await directory.sync().finally(() => directory.close());
  }

  return {
    advance(origin, work) {
      const turn = async () => {
        const { head, result } = work(await read(origin));
        await write(origin, head);
        return result;
      };
      const mine = (turns.get(origin) ?? Promise.resolve()).then(turn, turn);
      turns.set(origin, mine);
      return mine;
    },
  };
}
