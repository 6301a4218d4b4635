import { parseArgs } from 'node:util';
import type { Command } from '../command.ts';
import { oneTimeCode } from '../demo/one-time-code.ts';
import { signIn } from '../demo/sign-in.ts';
import { CliError } from '../error.ts';
import { readDemoFile, type DemoAccount } from '../up/demo-file.ts';
import { checkoutRoot, makeLayout } from '../up/layout.ts';
import { makeOrigins } from '../up/origins.ts';
import { readRunning } from '../up/state-lock.ts';
import { trustInstallation } from '../up/trust-installation.ts';

const usage = `cordon demo code EMAIL
cordon demo token EMAIL
cordon demo list

  code   prints the one-time code of the moment for a person of the demo
  token  signs the person in as a public client (code flow with PKCE) and prints an access token of 15 minutes
  list   prints the people and their passwords again

The demo must be running for "token".`;

async function findAccount(email: string | undefined): Promise<DemoAccount> {
  const demo = await readDemoFile(makeLayout(checkoutRoot, 0));
  const account = demo?.accounts.find((each) => each.email === email);
  if (account) return account;
  const known = demo?.accounts.map((each) => each.email).join(', ');
  throw new CliError(
    'demo-account-unknown',
    known === undefined
      ? 'There is no demo yet: run npm start first.'
      : `The demo has nobody of that address. It has: ${known}.`,
  );
}

async function run(args: readonly string[]): Promise<number> {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} });
  const [verb, email] = positionals;
  if (verb === 'list') {
    const demo = await readDemoFile(makeLayout(checkoutRoot, 0));
    for (const account of demo?.accounts ?? [])
      console.log(`${account.email}  ${account.password}  ${account.app}: ${account.description}`);
    return 0;
  }
  if (verb === 'code') {
    console.log(oneTimeCode(await findAccount(email)));
    return 0;
  }
  if (verb === 'token') {
    const account = await findAccount(email);
    const { basePort, tls } = await readRunning(makeLayout(checkoutRoot, 0).state);
    const layout = makeLayout(checkoutRoot, basePort);
    if (tls) await trustInstallation(layout.secrets);
    console.log((await signIn(account, makeOrigins(layout.ports, tls).identity)).accessToken);
    return 0;
  }
  throw new CliError('arguments-invalid', usage);
}

export const command: Command = { run, usage };
