import type { DemoFile } from './demo-file.ts';
import type { Origins } from './origins.ts';

/** What a person needs to know once everything runs. */
export function renderSummary(origins: Origins, demo: DemoFile | undefined, authorityFile?: string): string {
  const lines = [
    '',
    `  Console    ${origins.console}`,
    `  Portal     ${origins.portal}`,
    ...(demo ? [`  Site       ${origins.web}`] : []),
    `  API        ${origins.engine}`,
    `  Sign-in    ${origins.identity}`,
    ...(authorityFile === undefined ? [] : [`  Authority  ${authorityFile} (trust it in your browser)`]),
    '',
    ...(demo ? renderAccounts(demo) : []),
    '  Ctrl-C ends everything.',
    '',
  ];
  return lines.join('\n');
}

function renderAccounts({ accounts }: DemoFile): string[] {
  const width = Math.max(0, ...accounts.map(({ email }) => email.length));
  const secret = Math.max(0, ...accounts.map(({ password }) => password.length));
  return [
    '  Demo sign-ins (synthetic people, this machine only):',
    ...accounts.map(
      ({ email, password, description, app }) =>
        `    ${email.padEnd(width)}  ${password.padEnd(secret)}  ${app}: ${description}`,
    ),
    '',
    '  One-time code:  npx cordon demo code EMAIL',
    '  API token:      npx cordon demo token EMAIL',
    '',
  ];
}
