/** One line of progress for people; results of programs go to stdout, this goes to stderr. */
export function say(line) {
  process.stderr.write(`cordon: ${line}\n`);
}
