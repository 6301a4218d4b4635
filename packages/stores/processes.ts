/** Processes of this machine by what the kernel says of them, and how to start one that dumps no core. */
export { isAlive, startOf, waitForEnd } from './src/embedded/processes.ts';
export { withoutCoreDumps } from './src/without-core-dumps.ts';
