import { extname } from 'node:path';
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import { notLookedThrough, type RepositoryText } from './git-texts.ts';
import { hiddenTexts } from './hidden-texts.ts';

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
    const more = { path, ...(blob !== undefined && { blob }) };
    if (content === notLookedThrough) findings.push({ ...more, line: 1, kind: notLookedThrough });
    const seen = new Set<string>();
    for (const text of [content, hiddenTexts(content)]) {
      if (text === undefined) continue;
      const { messages } = await lintSource({
        source: { content: text, filePath: path, ext: extname(path), contentType: 'text' },
        options: { config, maskSecrets: true },
      });
      for (const { messageId: kind, loc } of messages) {
        const { line } = loc.start;
        if (!seen.has(`${line} ${kind}`)) findings.push({ ...more, line, kind });
        seen.add(`${line} ${kind}`);
      }
    }
  }
  return { scanned, findings };
}
