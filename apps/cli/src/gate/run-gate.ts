import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  issueVerdict,
  judge,
  readRiskAcceptances,
  renderHtml,
  renderJson,
  renderJunit,
  renderOscal,
  renderSarif,
  renderText,
  runChecks,
  type Control,
  type ControlCard,
  type Environment,
  type Promotion,
  type Report,
} from '@cordon/control-gate';
import { readGateFile } from '../../../../compliance/gate-file.ts';
import { CliError } from '../error.ts';
import type { Layout } from '../up/layout.ts';
import { measureBuilds } from './measure-builds.ts';
import type { Format, GateOptions } from './options.ts';
import { runProgram } from './run-program.ts';
import { sendReport } from './send-report.ts';
import { keepVerdictKey } from './verdict-key.ts';

/** Clocks of two machines may differ. */
const clockSlack = 300_000;

export interface GateRun {
  readonly system: string;
  readonly layout: Layout;
  /** Undefined: asked, and not judged. */
  readonly to: Environment | undefined;
  /** What else the judgement rests on: whether patients' data is real there, and whose word stands for what is not met. */
  readonly terms: (to: Environment) => Promise<Pick<Promotion, 'patientData' | 'acceptances'>>;
}

/** Asks the controls and judges what they answer. Progress goes to the standard error, and is quiet off a terminal. */
export async function runGate<Asked>(
  { system, layout, to, terms }: GateRun,
  controls: readonly Control<Asked>[],
  asked: Asked,
): Promise<Report> {
  const began = new Date();
  const findings = await runChecks(controls, asked, {
    // Checks wait for servers and programs more than they work; what is heavy takes turns by itself.
    sideBySide: controls.length,
    onFinding: ({ control, state }, done, of) => {
      if (!process.stderr.isTTY) return;
      process.stderr.write(
        `\r\u001b[K  ${String(done).padStart(String(of).length)}/${of}  ${control.id} ${state}`,
      );
      if (done === of) process.stderr.write('\r\u001b[K');
    },
  });
  const report: Report = {
    system,
    commit: await readCommit(layout.root),
    began: began.toISOString(),
    ended: new Date().toISOString(),
    findings,
    ...(to !== undefined && { to }),
  };
  if (to === undefined) return report;
  const judgement = judge(findings, { to, ...(await terms(to)), now: new Date() });
  return { ...report, judgement };
}

/** The terms of this repository: its settings and its register of acceptances. */
export const ownTerms =
  (root: string, controls: readonly ControlCard[]): GateRun['terms'] =>
  async (to) => {
    const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');
    const file = 'compliance/risk-acceptances.md';
    return {
      patientData: to === 'production' || readGateFile(await read('compliance/gate.json')).patientData[to],
      acceptances: readRiskAcceptances(file, await read(file), controls),
    };
  };

/** The commit that lies here unchanged; null where the tree was changed, since then no commit names it. */
export async function readCommit(root: string): Promise<string | null> {
  const limit = AbortSignal.timeout(30_000);
  const status = await runProgram(root, 'git', ['status', '--porcelain'], limit).catch(() => undefined);
  if (status?.code !== 0 || status.stdout !== '') return null;
  const head = await runProgram(root, 'git', ['rev-parse', 'HEAD'], limit);
  return head.code === 0 ? head.stdout.trim() : null;
}

/**
 * A clock that was set back makes what ended look in force: it cannot show a time before the commit that is judged was made.
 * @throws CliError `clock-behind`
 */
export async function requireSoundClock(root: string, now = new Date()): Promise<void> {
  const limit = AbortSignal.timeout(30_000);
  const told = await runProgram(root, 'git', ['log', '-1', '--format=%ct'], limit).catch(() => undefined);
  const made = Number(told?.stdout.trim() ?? 'none') * 1_000;
  if (told?.code !== 0 || !(made > now.getTime() + clockSlack)) return;
  throw new CliError(
    'clock-behind',
    `This machine's clock shows a time before its commit was made (${new Date(made).toISOString()}): set it right.`,
  );
}

/**
 * Signs the verdict on a whole run, for the deploy step. Undefined where there is nothing to bind it to: a part of the
 * controls, or a changed tree.
 */
export async function keepVerdict(
  layout: Layout,
  report: Report,
  whole: boolean,
): Promise<string | undefined> {
  const { to, commit, judgement } = report;
  if (!whole || to === undefined || commit === null || judgement === undefined) return undefined;
  const folder = join(layout.state, 'gate');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const key = await keepVerdictKey(layout);
  const file = join(folder, `verdict-${to}.json`);
  const builds = await measureBuilds(layout.root);
  await writeFile(
    file,
    issueVerdict({ to, judgement, commit, builds, report: renderJson(report), now: new Date() }, key),
    { mode: 0o600 },
  );
  return file;
}

/** A check that was given up may hold a connection or a timer; the gate has answered, and does not wait for it. */
export function leaveWhatHangs(): void {
  setTimeout(() => process.exit(), 10_000).unref();
}

/** Tells the console's board; where that is not possible, says so and changes nothing. */
export async function tellBoard(
  layout: Layout,
  report: Report & { readonly to: Environment },
  terms: Pick<Promotion, 'patientData' | 'acceptances'>,
  whole: boolean,
): Promise<void> {
  const fault = await sendReport(layout, report, { ...terms, now: new Date() }, whole);
  if (fault !== undefined)
    process.stderr.write(`cordon: the console's board was not told of this run: ${fault}\n`);
}

const renderers: Readonly<Record<Exclude<Format, 'text'>, (report: Report) => string>> = {
  json: renderJson,
  sarif: renderSarif,
  junit: renderJunit,
  html: renderHtml,
  oscal: renderOscal,
};

/** Writes the report to the file named, else to the standard output; colours on a terminal without NO_COLOR (no-color.org). */
export async function writeReport(report: Report, { format, outputFile }: GateOptions): Promise<void> {
  const terminal = outputFile === undefined && process.stdout.isTTY;
  const text =
    format === 'text'
      ? renderText(report, {
          colour: terminal && (process.env['NO_COLOR'] ?? '') === '',
          width: terminal ? process.stdout.columns : 100,
        })
      : renderers[format](report);
  if (outputFile === undefined) process.stdout.write(text);
  else await writeFile(outputFile, text);
}
