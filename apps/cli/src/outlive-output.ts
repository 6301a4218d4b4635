/**
 * Lets a command go on when nobody takes its output any more: a pager that was left, a terminal that was closed, a full disk. Left to
 * itself the error would end the process at the next word, and `cordon up` would leave its servers behind.
 */
export function outliveOutput(): void {
  let untold = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // Who closed the pipe has read what they wanted.
    untold ||= error.code !== 'EPIPE';
  });
  process.stderr.on('error', () => undefined);
  process.on('exit', () => {
    if (untold && (process.exitCode ?? 0) === 0) process.exitCode = 2;
  });
}
