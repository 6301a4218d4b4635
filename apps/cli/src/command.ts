/** One `cordon` command; each is a file in `commands/` that is loaded when it is asked for. */
export interface Command {
  /**
   * Runs with the words behind the command's name. Answers the exit code: 0 done, 1 refused or failed.
   * Throws `CliError` for words it does not understand.
   */
  readonly run: (args: readonly string[]) => Promise<number>;
  /** What `cordon help <command>` prints. */
  readonly usage: string;
}
