import { judgeFaults, seen, unknown, type Answer } from '@cordon/control-gate';
import { DockerfileParser, type Dockerfile, type Instruction } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import type { Asked } from '../asked.ts';

interface Stage {
  readonly name: string;
  /** What it builds upon: another stage's name, or an image. */
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

const exactVersion = /:\d+\.\d+\.\d+[\w.-]*$/;
const digestForm = /@sha256:[0-9a-f]{64}$/;
const secretName = /(TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|PRIVATE|API_?KEY)/i;
const neededIgnores = ['*', '**/node_modules', '**/.env*', '**/*.key', '**/.cordon'];

const folders = ['deploy', 'apps', 'packages', 'launch', 'testing', '.github', '.ci'];

/** The container files of a checkout: `Dockerfile` or `Containerfile`, alone or with an ending of its own. */
export async function listContainerFiles(asked: Pick<Asked, 'listFiles'>): Promise<string[]> {
  const files = await Promise.all(
    folders.map(async (folder) => (await asked.listFiles(folder)).map((file) => `${folder}/${file}`)),
  );
  return files.flat().filter((file) => {
    const name = file.slice(file.lastIndexOf('/') + 1);
    return /^(Dockerfile|Containerfile)(\.|$)/.test(name) && !name.endsWith('.dockerignore');
  });
}

/** Substitutes the defaults of arguments declared before the first FROM. */
function expand(text: string, dockerfile: Dockerfile): string {
  let expanded = text;
  for (const argument of dockerfile.getInitialARGs()) {
    const property = argument.getProperty();
    if (property === null) continue;
    const value = property.getValue() ?? '';
    expanded = expanded
      .replaceAll(`\${${property.getName()}}`, value)
      .replaceAll(`$${property.getName()}`, value);
  }
  return expanded;
}

function readStages(dockerfile: Dockerfile): Stage[] {
  const stages: Stage[] = [];
  for (const instruction of dockerfile.getInstructions()) {
    if (instruction.getKeyword() === 'FROM') {
      const words = expand(argumentsOf(instruction), dockerfile).split(/\s+/);
      const at = words.findIndex((word) => word.toUpperCase() === 'AS');
      const base = words.find((word) => !word.startsWith('--')) ?? '';
      stages.push({
        name: at < 0 ? `stage ${stages.length}` : (words[at + 1] ?? ''),
        base,
        instructions: [],
      });
      continue;
    }
    const last = stages.pop();
    if (last) stages.push({ ...last, instructions: [...last.instructions, instruction] });
  }
  return stages;
}

/** All that stands behind the keyword, flags as well. */
const argumentsOf = (instruction: Instruction): string =>
  instruction
    .getTextContent()
    .replace(/^\S+\s*/, '')
    .trim();
const withKeyword = ({ instructions }: Stage, keyword: string): readonly Instruction[] =>
  instructions.filter((each) => each.getKeyword() === keyword);

/** What is wrong with a container file, in words. */
export function judgeContainerFile(text: string): string[] {
  const dockerfile = DockerfileParser.parse(text);
  const stages = readStages(dockerfile);
  const named = new Map(stages.map((stage) => [stage.name, stage]));
  const built = new Set(stages.flatMap((stage) => [stage.base, ...copiedFrom(stage)]));
  const faults = validate(text).map(({ message, range }) => `line ${range.start.line + 1}: ${typeof message === 'string' ? message : message.value}`); // prettier-ignore
  if (stages.length === 0) faults.push('it builds nothing');
  for (const stage of stages) {
    if (!named.has(stage.base) && !exactVersion.test(stage.base.split('@')[0] ?? ''))
      faults.push(`${stage.name}: ${stage.base} is not pinned to a version`);
    faults.push(...judgeInstructions(stage).map((fault) => `${stage.name}: ${fault}`));
    // What no other stage builds upon is an image that runs.
    if (!built.has(stage.name))
      faults.push(...judgeFinal(stage, named).map((fault) => `${stage.name}: ${fault}`));
  }
  return faults;
}

const copiedFrom = (stage: Stage): string[] =>
  withKeyword(stage, 'COPY').flatMap((copy) => /--from=(\S+)/.exec(argumentsOf(copy))?.[1] ?? []);

function judgeInstructions(stage: Stage): string[] {
  const runs = withKeyword(stage, 'RUN').map((run) => argumentsOf(run).replace(/["',[\]]/g, ' ').replace(/\s+/g, ' ')); // prettier-ignore
  return [
    ...withKeyword(stage, 'ADD').map(() => 'ADD fetches and unpacks by itself: COPY what is at hand'),
    ...runs
      .filter((run) => /\b(curl|wget)\b/.test(run))
      .map(() => 'it runs what it fetches without looking at it'),
    ...runs
      .filter((run) => /\bnpm (install|i|add|update)\b/.test(run))
      .map(() => 'npm install takes other versions than the lockfile: npm ci'),
    ...runs
      .filter((run) => /\bnpm ci\b/.test(run) && !run.includes('--ignore-scripts'))
      .map(() => 'npm ci runs the scripts of packages'),
    ...[...withKeyword(stage, 'ENV'), ...withKeyword(stage, 'ARG')]
      .filter((each) => secretName.test(argumentsOf(each)))
      .map((each) => `${each.getKeyword()} puts a secret into a layer`),
  ];
}

function judgeFinal(stage: Stage, named: ReadonlyMap<string, Stage>): string[] {
  const line: Stage[] = [];
  for (let at: Stage | undefined = stage; at !== undefined && !line.includes(at); at = named.get(at.base))
    line.push(at);
  const last = (keyword: string): string | undefined => {
    const found = line.map((each) => withKeyword(each, keyword).at(-1)).find((each) => each !== undefined);
    return found && argumentsOf(found);
  };
  const user = last('USER') ?? 'root';
  const entry = last('ENTRYPOINT');
  return [
    ...(user.split(':').every((id) => /^[1-9]\d{3,}$/.test(id))
      ? []
      : [`it runs as ${user}: name a number that is nobody's`]),
    ...(entry?.startsWith('[') === true
      ? []
      : ['its process is not started by itself (ENTRYPOINT as a list), so that no signal reaches it']),
    ...withKeyword(stage, 'COPY')
      .filter((copy) => /(^| )\.\/? /.test(argumentsOf(copy)))
      .map(() => 'it copies everything that lies there'),
    ...withKeyword(stage, 'RUN').map(() => 'it is built on by RUN: build in a stage before'),
  ];
}

/** Container files: linted as the builder reads them, no root, bases by version, nothing fetched unseen, nothing let in by default. */
export async function containersAreTight(asked: Asked): Promise<Answer> {
  const files = await listContainerFiles(asked);
  if (files.length === 0) return unknown('Not built: there is no container file to be read.', []);
  const faults: string[] = [];
  for (const file of files) {
    faults.push(...judgeContainerFile(await asked.readText(file)).map((fault) => `${file}, ${fault}`));
    const ignored = await asked.readText(`${file}.dockerignore`).catch(() => '');
    const lines = new Set(ignored.split('\n').map((line) => line.trim()));
    for (const pattern of neededIgnores.filter((each) => !lines.has(each)))
      faults.push(`${file}.dockerignore does not leave out ${pattern}`);
  }
  const evidence = [
    seen('dockerfile-utils, and rules of our own', files.join(' '), `${faults.length} faults`),
  ];
  return judgeFaults(faults, `${files.length} container files are tight.`, evidence);
}

/** Every base image of the files that is no stage of its own, without what nobody saw of it. */
export function listBases(text: string): { readonly image: string; readonly hasDigest: boolean }[] {
  const stages = readStages(DockerfileParser.parse(text));
  const names = new Set(stages.map(({ name }) => name));
  const bases = new Set(stages.map(({ base }) => base).filter((base) => !names.has(base)));
  return [...bases].map((image) => ({ image, hasDigest: digestForm.test(image) }));
}
