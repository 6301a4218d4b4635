import type { DemoFile } from './demo-file.ts';
import type { Origins } from './origins.ts';

const begin = [
  '  This installation holds no demo. Add a clinic group and its administrator from another terminal:',
  '  npx cordon tenants add --name CODE --clinic CODE --admin-email EMAIL --admin-name NAME',
  '',
];

/** What a person needs to know once everything runs. */
export function renderSummary(
  origins: Origins,
  demo: DemoFile | undefined,
  { site, authorityFile }: { readonly site: boolean; readonly authorityFile: string | undefined },
): string {
  const lines = [
    '',
    `  Console    ${origins.console}`,
    `  Portal     ${origins.portal}`,
    ...(site ? [`  Site       ${origins.web}`] : []),
    `  API        ${origins.engine}`,
    `  Sign-in    ${origins.identity}`,
    ...(authorityFile === undefined ? [] : [`  Authority  ${authorityFile} (trust it in your browser)`]),
    '',
    ...(demo ? renderAccounts(demo) : begin),
    '  Ctrl-C ends everything.',
    '',
  ];
  return lines.join('\n');
}

function renderAccounts({ accounts }: DemoFile): string[] {
  const width = Math.max(0, ...accounts.map(({ email }) => email.length));
  const secret = Math.max(0, ...accounts.map(({ password }) => password.length));
  return [
    '  This is a demo of made-up people, not for real patients: cordon help up tells of --empty.',
    '  Demo sign-ins (this machine only):',
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
