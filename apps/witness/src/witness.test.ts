import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@cordon/service';
import {
  addCosignatures,
  formatWitnessRequest,
  generateSigningKey,
  hashLeaf,
  openCheckpoint,
  proveConsistency,
  signCheckpoint,
  TileBuilder,
  TileReader,
} from '@cordon/transparency-log';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startWitness, type RunningWitness } from './start-witness.ts';

const logKey = generateSigningKey('cordon.test/log');
const key = generateSigningKey('witness.test/w1', 'cosignature');
const logger = createLogger({ app: 'witness', destination: { write: () => undefined } });
let folder: string;
let witness: RunningWitness;

async function start(): Promise<void> {
  const logs = new Map([['cordon.test/log', [logKey.verifierKey]]]);
  witness = await startWitness({ host: '127.0.0.1', port: 0, key, logs, folder }, logger);
}
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-witness-'));
  await start();
});
afterEach(async () => {
  await witness.close();
  await rm(folder, { recursive: true, force: true });
});

/** A log of so many entries; another `history` is another log under the same key. */
function buildLog(size: number, history = 'a', signer = logKey) {
  const builder = new TileBuilder();
  const files = new Map<string, Uint8Array>();
  for (let index = 0; index < size; index += 1) builder.append(hashLeaf(Buffer.from(`${history} ${index}`)));
  for (const { path, bytes } of builder.drain()) files.set(path, bytes);
  const root = builder.root();
  const reader = new TileReader({ size, root, readTile: (path) => Promise.resolve(files.get(path)) });
  const checkpoint = signCheckpoint({ origin: signer.verifierKey.name, size, root, extensions: [] }, [
    signer,
  ]);
  const request = async (oldSize: number) =>
    formatWitnessRequest({
      oldSize,
      proof: oldSize === 0 ? [] : await proveConsistency(reader, oldSize),
      checkpoint,
    });
  return { checkpoint, request };
}

async function post(body: string) {
  const response = await fetch(`${witness.url}/add-checkpoint`, { method: 'POST', body });
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    text: await response.text(),
  };
}

it('cosigns the first checkpoint and each one that keeps the last, also after a restart', async () => {
  expect((await post(await buildLog(5).request(0))).status).toBe(200);
  await witness.close();
  await start();
  const { checkpoint, request } = buildLog(300);
  const answer = await post(await request(5));
  expect(answer.status).toBe(200);
  const trust = { origin: 'cordon.test/log', logKeys: [logKey.verifierKey], witnessKeys: [key.verifierKey] };
  const cosigned = addCosignatures(checkpoint, answer.text, [key.verifierKey]);
  expect(openCheckpoint(cosigned, trust).cosignatures).toHaveLength(1);
  expect(() => openCheckpoint(checkpoint, trust)).toThrow('quorum-missing');
});

it('says with 409 which size it cosigned last to whoever starts from another', async () => {
  await post(await buildLog(5).request(0));
  expect(await post(await buildLog(9).request(0))).toEqual({
    status: 409,
    type: 'text/x.tlog.size',
    text: '5\n',
  });
});

it('never cosigns a rewritten log, another tree of the same size, nor a smaller one', async () => {
  await post(await buildLog(5).request(0));
  expect(await post(await buildLog(9, 'b').request(5))).toMatchObject({ status: 422 });
  expect(await post(await buildLog(5, 'b').request(5))).toMatchObject({ status: 409 });
  expect((await post(await buildLog(5, 'b').request(5))).text).toContain('witness-forked');
  const backwards = (await buildLog(3).request(0)).replace('old 0', 'old 5');
  expect(await post(backwards)).toMatchObject({ status: 400 });
  expect((await post(await buildLog(9).request(5))).status).toBe(200);
});

it('lets one of two histories win that arrive at once', async () => {
  await post(await buildLog(5).request(0));
  const bodies = await Promise.all([buildLog(9).request(5), buildLog(8).request(5), buildLog(7).request(5)]);
  const answers = await Promise.all(bodies.map(post));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
});

it('knows no other log, no other key and no malformed request', async () => {
  const stranger = generateSigningKey('cordon.test/stranger');
  const thief = generateSigningKey('cordon.test/log');
  expect(await post(await buildLog(5, 'a', stranger).request(0))).toMatchObject({ status: 404 });
  expect(await post(await buildLog(5, 'a', thief).request(0))).toMatchObject({ status: 403 });
  for (const body of ['', 'old', 'old 0\n', 'old -1\n\nx', `old 0\n${'A'.repeat(44)}\n\nx`])
    expect([400, 404]).toContain((await post(body)).status);
  expect(await post('x'.repeat(700_000))).toMatchObject({ status: 413 });
  expect(await readdir(folder)).toEqual(['lock']);
});

it('signs nothing when it cannot read what it saw last', async () => {
  await post(await buildLog(5).request(0));
  for (const name of await readdir(folder))
    if (name !== 'lock') await writeFile(join(folder, name), 'damaged');
  expect(await post(await buildLog(9).request(5))).toMatchObject({ status: 500 });
  expect(await post(await buildLog(9).request(0))).toMatchObject({ status: 500 });
});

/** Another process that takes the folder, and says how that went. */
async function lockElsewhere(): Promise<{ child: ChildProcess; answer: string }> {
  const module = JSON.stringify(join(import.meta.dirname, 'lock-folder.ts'));
  const script = `const { lockFolder } = await import(${module});
    await lockFolder(${JSON.stringify(folder)}).then(() => console.log('held'), ({ code }) => console.log(code));
    process.stdin.resume();`;
  const args = ['--conditions=cordon-source', '--input-type=module', '--eval', script];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, answer: said.toString().trim() };
}

it('lets no second process into its folder, and the next one once the first has ended, even by a kill', async () => {
  await expect(start()).rejects.toMatchObject({ code: 'witness-folder-in-use' });
  const refused = await lockElsewhere();
  expect(refused.answer).toBe('witness-folder-in-use');
  refused.child.kill();
  await witness.close();
  const holder = await lockElsewhere();
  expect(holder.answer).toBe('held');
  await expect(start()).rejects.toThrow('witness-folder-in-use');
  holder.child.kill('SIGKILL');
  await once(holder.child, 'exit');
  await start();
});
