import { spawn, spawnSync } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { textsIn } from './hidden-texts.ts';

/** A text of the repository: as it lies in the tree, or as a commit of any branch once had it. */
export interface RepositoryText {
  readonly path: string;
  /** The blob's id; absent for the tree. */
  readonly blob?: string;
  readonly content: string;
}

/** Bytes that are looked through at once; the next piece begins a little before this one's end. */
const pieceLength = 2 * 1024 * 1024;
const overlap = 8 * 1024;
/** Bytes; what is longer is told to be so, for nobody has looked at it. */
const largest = 64 * 1024 * 1024;
export const notLookedThrough = 'TOO_LARGE_TO_LOOK_THROUGH';

function git(root: string, ...args: string[]): string {
  const { status, stdout } = spawnSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 512 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`git ${args[0] ?? ''} failed`);
  return stdout;
}

function* piecesOf(bytes: Buffer): Generator<string> {
  for (let at = 0; at === 0 || at + overlap < bytes.length; at += pieceLength - overlap)
    yield* textsIn(bytes.subarray(at, at + pieceLength));
}

/** Every tracked file, and every untracked one that git does not ignore: what the next commit may hold. */
export async function* treeTexts(root: string): AsyncGenerator<RepositoryText> {
  const paths = git(root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard').split('\0');
  for (const path of new Set(paths.filter((each) => each !== ''))) {
    const found = await stat(join(root, path)).catch(() => undefined);
    if (found?.isFile() !== true) continue;
    if (found.size > largest) yield { path, content: notLookedThrough };
    else for (const content of piecesOf(await readFile(join(root, path)))) yield { path, content };
  }
}

/** Every version of every file that a commit can still reach, each content once, and what commits and tags say. */
export async function* historyTexts(root: string): AsyncGenerator<RepositoryText> {
  const paths = new Map<string, string>();
  for (const line of git(root, 'rev-list', '--objects', '--all').split('\n')) {
    const [id = ''] = line.split(' ', 1);
    if (id !== '' && !paths.has(id)) paths.set(id, line.slice(id.length + 1));
  }
  const child = spawn('git', ['cat-file', '--batch'], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(`${[...paths.keys()].join('\n')}\n`);
  let held = Buffer.alloc(0);
  for await (const piece of child.stdout as AsyncIterable<Buffer>) {
    held = Buffer.concat([held, piece]);
    for (;;) {
      // "<id> <type> <size>\n<content>\n"
      const end = held.indexOf(10);
      if (end < 0) break;
      const [blob = '', type, size] = held.toString('latin1', 0, end).split(' ');
      const length = Number(size);
      if (held.length < end + 1 + length + 1) break;
      const named = paths.get(blob) ?? '';
      const path = named === '' ? `the words of a ${type ?? 'commit'}` : named;
      if (type !== 'tree' && length > largest) yield { path, blob, content: notLookedThrough };
      else if (type !== 'tree')
        for (const content of piecesOf(held.subarray(end + 1, end + 1 + length)))
          yield { path, blob, content };
      held = held.subarray(end + 1 + length + 1);
    }
  }
}
