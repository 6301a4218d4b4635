import { spawn } from 'node:child_process';
import { clearInterval, setInterval } from 'node:timers';

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program in the foreground and answers its exit code. Signals are passed on, and the program has a channel to
 * this process: when this process is killed the channel closes, and a program that listens ends itself.
 */
export function runForeground(program, args, options = {}) {
  const child = spawn(program, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], ...options });
  const pass = (signal) => child.kill(signal);
  for (const signal of forwarded) process.on(signal, pass);
  const parent = process.ppid;
  // npm cannot pass on a signal that kills it outright; its end shows as a new parent.
  const watch = process.env.npm_lifecycle_event
    ? setInterval(() => {
        if (process.ppid !== parent) child.kill('SIGTERM');
      }, 1000)
    : undefined;
  watch?.unref();
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearInterval(watch);
      for (const each of forwarded) process.off(each, pass);
      resolve(code ?? 128 + (signal === 'SIGINT' ? 2 : signal === 'SIGKILL' ? 9 : 15));
    });
  });
}

/**
 * Runs a program to its end and answers its exit code, the signal that ended it and what it said, at most the last 200,000 characters.
 * A signal that ends this process ends the program first: an npm left to itself goes on writing where the next one begins.
 */
export async function runQuietly(program, args, options = {}) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let said = '';
  const keep = (chunk) => {
    said = (said + chunk).slice(-200_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  let received;
  const pass = (signal) => {
    received = signal;
    child.kill(signal);
  };
  for (const signal of forwarded) process.on(signal, pass);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve({ code: code ?? 1, signal, said }));
    });
  } finally {
    for (const signal of forwarded) process.off(signal, pass);
    if (received !== undefined) process.kill(process.pid, received);
  }
}
