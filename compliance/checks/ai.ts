import { compilePolicy } from '@cordon/access-policy';
import { compileGateway } from '@cordon/ai-gateway';
import { judgeFaults, seen, type Answer } from '@cordon/control-gate';
import type { Asked } from '../asked.ts';

/** Addresses and libraries of model providers, which nothing outside the gateway may name. */
const providers =
  /api\.openai\.com|api\.anthropic\.com|generativelanguage\.googleapis\.com|openai\.azure\.com|api\.mistral\.ai|bedrock-runtime|from '(?:openai|ai|langchain|@anthropic-ai\/[^']*|@google\/gen[^']*|@ai-sdk\/[^']*|@langchain\/[^']*)'/;

/** No source outside the engine's gateway names a provider's address or imports its library. */
export async function noModelElsewhere(asked: Asked): Promise<Answer> {
  const listed = await Promise.all(
    ['apps', 'packages'].map(async (folder) =>
      (await asked.listFiles(folder)).map((file) => `${folder}/${file}`),
    ),
  );
  const files = listed
    .flat()
    .filter(
      (file) =>
        /\.(ts|tsx|mjs)$/.test(file) &&
        !/\.test\.tsx?$|\/testing\/|^apps\/engine\/src\/features\/ai-gateway\//.test(file),
    );
  const texts = await Promise.all(files.map(async (file) => ({ file, text: await asked.readText(file) })));
  const faults = texts.flatMap(({ file, text }) => {
    const found = providers.exec(text)?.[0];
    return found === undefined ? [] : [`${file} names a model's provider: ${found}`];
  });
  if (files.length < 100)
    faults.push(`only ${files.length} sources were seen: this is not the whole repository`);
  return judgeFaults(faults, `${files.length} sources name no provider.`, [
    seen(
      'addresses and libraries of providers in sources',
      'apps, packages',
      `${files.length} files, ${faults.length} findings`,
    ),
  ]);
}

interface Purpose {
  allowedDataClasses: string[];
  maxCharacters: number;
}

interface GatewayText {
  purposes: Purpose[];
  redaction: { patternRules: { match: string }[] };
}

/** One thing wrong each; a configuration with it must not compile. */
const breakages: readonly (readonly [what: string, damage: (file: GatewayText) => void])[] = [
  ['a data class that there is not', ({ purposes }) => purposes[0]?.allowedDataClasses.push('everything')],
  [
    'a pattern that does not compile',
    ({ redaction }) => {
      redaction.patternRules.forEach((rule) => (rule.match = '(unclosed'));
    },
  ],
  [
    'no limit of characters',
    ({ purposes }) => {
      purposes.forEach((purpose) => (purpose.maxCharacters = -1));
    },
  ],
  ['no redaction', (file) => Object.assign(file, { redaction: undefined })],
];

/** The configuration compiles; with one thing wrong it does not. */
export async function gatewayConfigurationHolds(asked: Asked): Promise<Answer> {
  const read = async (name: string): Promise<unknown> =>
    JSON.parse(await asked.readText(`config/champagne-${name}.json`)) as unknown;
  const [dataClasses, retentionAndAccess, aiGateway] = await Promise.all(['data-classes', 'retention-and-access', 'ai-gateway-config'].map(read)); // prettier-ignore
  const compiles = (gateway: unknown): boolean => {
    try {
      const { files } = compilePolicy({ dataClasses, retentionAndAccess, aiGateway: gateway });
      compileGateway(files.aiGateway);
      return true;
    } catch {
      return false;
    }
  };
  const faults = compiles(aiGateway) ? [] : ['the configuration does not compile'];
  for (const [what, damage] of breakages) {
    const damaged = structuredClone(aiGateway) as GatewayText;
    damage(damaged);
    if (compiles(damaged)) faults.push(`it would compile with ${what}`);
  }
  const said = `it compiles; with ${breakages.map(([what]) => what).join(', ')}: ${faults.length === 0 ? 'refused' : faults.join(', ')}`;
  return judgeFaults(faults, `The configuration compiles, and ${breakages.length} wrong ones do not.`, [
    seen('compile, and compile with one thing wrong', 'config', said),
  ]);
}
