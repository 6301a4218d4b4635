import { extname } from 'node:path';
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import type { RepositoryText } from './git-texts.ts';

export interface SecretFinding {
  readonly path: string;
  readonly line: number;
  /** The kind of secret, in secretlint's words; never the secret. */
  readonly kind: string;
  readonly blob?: string;
}

const config = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] };

/** Looks for what has the form of a known kind of secret: cloud keys, tokens of services, private keys, passwords in URLs. */
export async function scanTexts(
  texts: AsyncIterable<RepositoryText>,
): Promise<{ scanned: number; findings: SecretFinding[] }> {
  const findings: SecretFinding[] = [];
  let scanned = 0;
  for await (const { path, content, blob } of texts) {
    scanned += 1;
    const { messages } = await lintSource({
      source: { content, filePath: path, ext: extname(path), contentType: 'text' },
      options: { config, maskSecrets: true },
    });
    for (const { messageId, loc } of messages)
      findings.push({ path, line: loc.start.line, kind: messageId, ...(blob !== undefined && { blob }) });
  }
  return { scanned, findings };
}
