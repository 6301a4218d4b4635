import { say } from './say.mjs';

/** A reason to stop that is told in one sentence, without a stack. */
export class PlainFailure extends Error {}

/** Runs `work`; a failure becomes a sentence and an exit code, never an unhandled rejection. */
export async function tellFailures(work) {
  try {
    process.exitCode = await work();
  } catch (error) {
    process.exitCode = 1;
    if (error instanceof PlainFailure) say(error.message);
    else if (error?.code === 'ENOSPC') say('The disk is full: free at least 1 GB and run this again.');
    else if (error?.code === 'EACCES' || error?.code === 'EPERM')
      say(
        `This account may not use ${error.path ?? 'a file it needs'}: run this as the owner of the checkout.`,
      );
    else throw error;
  }
}
