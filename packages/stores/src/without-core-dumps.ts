/**
 * The words that start a program which leaves no image of its memory behind when it crashes: keys would lie in it. The shell puts
 * itself in the program's place, so process id, channel and signals are the program's own; what it
 * adds to the environment by itself it takes away again.
 */
export function withoutCoreDumps(
  program: string,
  words: readonly string[],
): [program: string, words: readonly string[]] {
  return ['/bin/sh', ['-c', 'ulimit -c 0; unset PWD OLDPWD SHLVL; exec "$0" "$@"', program, ...words]];
}
