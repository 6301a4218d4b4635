import { ServiceError } from './error.ts';
import type { Environment } from './settings.ts';

/**
 * Names under which the way to a model is handed over: our own settings of the gateway, and those that providers' libraries look for by
 * themselves.
 */
const ours = /^CORDON_AI_/;
const providers =
  /^(?:AZURE_OPENAI|OPENAI|ANTHROPIC|CLAUDE|GEMINI|GOOGLE_(?:AI|GENERATIVE_AI)|MISTRAL|COHERE|CO|GROQ|DEEPSEEK|TOGETHER|REPLICATE|PERPLEXITY|XAI|HF|HUGGINGFACE(?:HUB)?|FIREWORKS|OPENROUTER)(?:_API)?_(?:KEY|TOKEN|AUTH_TOKEN)$/;

/**
 * Only the engine's gateway asks a model. Another process that is given a key for one was set up wrongly, and does not start: a key
 * that lies there unused is one that somebody who takes the process over finds.
 * @throws ServiceError `settings-invalid`, naming the variables and never a value.
 */
export function refuseProviderKeys(environment: Environment): void {
  const given = Object.keys(environment).filter((name) => ours.test(name) || providers.test(name));
  if (given.length === 0) return;
  const names = given.sort().join(', ');
  throw new ServiceError(
    'settings-invalid',
    `Only the engine may hold the way to a model. Remove ${names} from the environment of this process.`,
    { detail: names },
  );
}
