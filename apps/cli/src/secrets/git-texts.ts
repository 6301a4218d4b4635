import { spawn, spawnSync } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A text of the repository: as it lies in the tree, or as a commit of any branch once had it. */
export interface RepositoryText {
  readonly path: string;
  /** The blob's id; absent for the tree. */
  readonly blob?: string;
  readonly content: string;
}

/** Bytes; what is longer is data, and a lockfile is scanned in full. */
const largest = 2 * 1024 * 1024;

function git(root: string, ...args: string[]): string {
  const { status, stdout } = spawnSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 512 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`git ${args[0] ?? ''} failed`);
  return stdout;
}

const asText = (bytes: Buffer): string | undefined =>
  bytes.subarray(0, 8_000).includes(0) ? undefined : bytes.toString('utf8');

/** Every tracked file, and every untracked one that git does not ignore: what the next commit may hold. */
export async function* treeTexts(root: string): AsyncGenerator<RepositoryText> {
  const paths = git(root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard').split('\0');
  for (const path of new Set(paths.filter((each) => each !== ''))) {
    const found = await stat(join(root, path)).catch(() => undefined);
    if (found?.isFile() !== true || found.size > largest) continue;
    const content = asText(await readFile(join(root, path)));
    if (content !== undefined) yield { path, content };
  }
}

/** Every version of every file that a commit can still reach, each content once. */
export async function* historyTexts(root: string): AsyncGenerator<RepositoryText> {
  const paths = new Map<string, string>();
  for (const line of git(root, 'rev-list', '--objects', '--all').split('\n')) {
    const cut = line.indexOf(' ');
    if (cut > 0 && !paths.has(line.slice(0, cut))) paths.set(line.slice(0, cut), line.slice(cut + 1));
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
      const content =
        type === 'blob' && length <= largest ? asText(held.subarray(end + 1, end + 1 + length)) : undefined;
      if (content !== undefined) yield { path: paths.get(blob) ?? '', blob, content };
      held = held.subarray(end + 1 + length + 1);
    }
  }
}
