import { randomInt } from 'node:crypto';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFormCase, loadForm } from '../forms/cases.ts';
import { searchEverywhere } from './intake-search.ts';
import { openKillableEngine, type KillableEngine } from './killable-engine.ts';

const forms = ['lines-card-in-notes', 'sideways-exif', 'text-pdf-two-pages', 'image-pdf-card-in-address'];
const hourMs = 3_600_000;

export interface IntakeKillReport {
  readonly kills: number;
  /** Uploads that had no answer when the engine died. */
  readonly underWay: number;
  readonly answered: number;
  /** Places at which a planted number lies, in any form. */
  readonly found: readonly string[];
  /** The same search after one was planted in a store and one in a file: it must see both. */
  readonly foundWhenPlanted: readonly string[];
  /** Forms without a patient, pictures without a form or without their object. */
  readonly halves: number;
  /** Objects that no row names, before the sweep and after it. */
  readonly orphans: readonly [before: number, after: number];
}

/** Kills a whole engine by SIGKILL in the middle of an intake, again and again, then searches everything that it can write to. */
export async function runIntakeKills(kills: number): Promise<IntakeKillReport> {
  const engine = await openKillableEngine();
  try {
    await engine.clinical.query('UPDATE clinical.clinics SET keeps_form_pictures = true');
    const [desk] = await engine.copiesOf('receptionist', 1);
    const outcomes = { underWay: 0, answered: 0 };
    // How long a whole intake takes on this machine, by an engine that has just come up.
    let wholeMs = 0;
    for (let round = 0; round <= kills; round += 1) {
      engine.process.start();
      await engine.serves();
      const began = performance.now();
      const upload = sendForm(engine, desk ?? engine.account('receptionist'), forms[round % forms.length] ?? '');
      if (round === 0) {
        if (!(await upload)) throw new Error('the form was not answered');
        wholeMs = performance.now() - began;
      } else {
        // Every other kill falls where the form is written.
        const earliest = round % 2 === 0 ? 0 : Math.floor(wholeMs * 0.7);
        await Promise.race([upload, sleep(randomInt(earliest, Math.ceil(wholeMs * 1.2)))]);
      }
      await engine.process.end('SIGKILL');
      if (round > 0) outcomes[(await upload) ? 'answered' : 'underWay'] += 1;
    }
    const planted = forms.flatMap((id) => findFormCase(id).plantedNumbers);
    const found = await searchEverywhere(engine, [engine.folder], planted);
    const halves = await countHalves(engine);
    const orphans = [await countOrphans(engine), await sweepAll(engine)] as const;
    const number = planted[0] ?? '';
    await engine.clinical.query('UPDATE clinical.clinics SET slug = $1 WHERE id = $2', [`x-${number}`, desk?.clinicIds[0]]);
    await writeFile(join(engine.folder, 'temp', 'page'), Buffer.from(`x ${number}`).toString('base64'));
    const foundWhenPlanted = await searchEverywhere(engine, [engine.folder], [number]);
    return { kills, ...outcomes, found, foundWhenPlanted, halves, orphans };
  } finally {
    await engine.close();
  }
} // prettier-ignore

/** Whether there was an answer. */
async function sendForm(
  engine: KillableEngine,
  desk: ReturnType<KillableEngine['account']>,
  id: string,
): Promise<boolean> {
  const body = new FormData();
  body.set('clinicId', desk.clinicIds[0] ?? '');
  body.set('form', new Blob([new Uint8Array(await loadForm(id))]), 'form.png');
  const headers = { authorization: `Bearer ${await engine.token(desk)}` };
  const init = { method: 'POST', headers, body, signal: AbortSignal.timeout(60_000) };
  const answer = await fetch(`${engine.url}/v1/intake-forms`, init).catch(() => undefined);
  return answer !== undefined;
}

async function listObjects({ objectsFolder }: KillableEngine): Promise<string[]> {
  const entries = await readdir(objectsFolder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

const namesOf = (files: readonly string[]): Set<string> =>
  new Set(files.map((file) => file.slice(file.lastIndexOf('/') + 1)));

async function namedObjects(engine: KillableEngine): Promise<string[]> {
  const { rows } = await engine.clinical.query<{ id: string }>('SELECT id FROM clinical.intake_pictures');
  return rows.map(({ id }) => id);
}

async function countHalves(engine: KillableEngine): Promise<number> {
  const stored = namesOf(await listObjects(engine));
  const lost = (await namedObjects(engine)).filter((id) => !stored.has(id)).length;
  const { rows } = await engine.clinical.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM clinical.intake_forms f
     WHERE NOT EXISTS (SELECT FROM clinical.patients p WHERE p.tenant_id = f.tenant_id AND p.id = f.patient_id)
       OR NOT EXISTS (SELECT FROM clinical.intake_pictures i WHERE i.tenant_id = f.tenant_id AND i.intake_form_id = f.id)`,
  );
  return lost + (rows[0]?.n ?? -1);
}

async function countOrphans(engine: KillableEngine): Promise<number> {
  return (await listObjects(engine)).length - (await namedObjects(engine)).length;
}

/** Lets all objects be two hours old, and an engine come up: its first sweep takes what nobody names. */
async function sweepAll(engine: KillableEngine): Promise<number> {
  const old = new Date(Date.now() - 2 * hourMs);
  for (const file of await listObjects(engine)) await utimes(file, old, old);
  engine.process.start();
  await engine.serves();
  for (let wait = 0; wait < 150 && (await countOrphans(engine)) > 0; wait += 1) await sleep(200);
  await engine.process.end('SIGTERM');
  return countOrphans(engine);
}
