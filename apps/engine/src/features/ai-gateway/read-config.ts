import { statSync } from 'node:fs';
import { join } from 'node:path';
import { FILE_NAMES, type LivePolicy, type Policy } from '@cordon/access-policy';
import { AiGatewayError, compileGateway, type Gateway } from '@cordon/ai-gateway';

/** What one request goes by, from its first step to its last. */
export interface GatewayConfig {
  readonly policy: Policy;
  readonly gateway: Gateway;
}

/** @throws AiGatewayError `ai-config-invalid`: with anything wrong on disk now, nothing is sent by what was right before */
export type ReadConfig = () => Promise<GatewayConfig>;

/**
 * The configuration as its files are at this moment. A new valid one is taken up whole, by the next request; the other rooms keep
 * an old policy when a new one is wrong, the gateway closes.
 */
export function followConfig(live: LivePolicy, folder: string): ReadConfig {
  const files = Object.values(FILE_NAMES).map((name) => join(folder, name));
  let seen = '';
  let compiled: { readonly policy: Policy; readonly config: GatewayConfig | AiGatewayError } | undefined;

  const compile = (policy: Policy): GatewayConfig | AiGatewayError => {
    try {
      return { policy, gateway: compileGateway(policy.files.aiGateway) };
    } catch (error) {
      return error instanceof AiGatewayError
        ? error
        : new AiGatewayError('ai-config-invalid', undefined, { cause: error });
    }
  };

  return async () => {
    try {
      const now = files.map(describeFile).join(' ');
      if (now !== seen) {
        await live.reload();
        // Only what was taken up counts as seen: a file that stays wrong is refused each time.
        seen = now;
      }
    } catch (cause) {
      throw new AiGatewayError('ai-config-invalid', 'the files cannot be taken up', { cause });
    }
    const policy = live.current;
    if (compiled?.policy !== policy) compiled = { policy, config: compile(policy) };
    if (compiled.config instanceof AiGatewayError) throw compiled.config;
    return compiled.config;
  };
}

/** Changes with every change of a file, also where a mounted volume swaps links under it. */
function describeFile(path: string): string {
  const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  return [ino, size, mtimeNs, ctimeNs].join('.');
}
