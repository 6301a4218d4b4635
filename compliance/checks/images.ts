import { createHash } from 'node:crypto';
import { seen, unknown, type Answer } from '@cordon/control-gate';
import { z } from 'zod';
import type { Asked } from '../asked.ts';
import { listBases, listContainerFiles } from './containers.ts';
import { counts, judgeCounts, readJson } from './supply-chain.ts';

/** What a scanner with a current feed said of the images that were built of this very lockfile, upon these very bases. */
const scanSchema = z.strictObject({
  takenAt: z.iso.datetime(),
  /** Name and version. */
  scanner: z.string().min(1),
  /** The day of the feed. */
  feed: z.iso.date(),
  /** SHA-256 of the package-lock.json that is in the images. */
  lockfile: z.string().regex(/^[0-9a-f]{64}$/),
  bases: z.array(z.string().regex(/@sha256:[0-9a-f]{64}$/)).min(1),
  vulnerabilities: counts,
});
const scanFile = 'compliance/image-scans.json';
const scanDays = 7;
const day = 86_400_000;

/** Images: upon bases whose digest somebody saw, and scanned lately with a current feed. What nobody saw is unknown. */
export async function imagesScanned(asked: Asked): Promise<Answer> {
  const files = await listContainerFiles(asked);
  const bases = (await Promise.all(files.map((file) => asked.readText(file)))).flatMap(listBases);
  const evidence = [seen('what the images build upon', files.join(' '), bases.map(({ image }) => image).join('; '))]; // prettier-ignore
  if (bases.length === 0) return unknown('There is no container file, and so no image.', evidence);
  const unseen = bases.filter(({ hasDigest }) => !hasDigest).map(({ image }) => image);
  if (unseen.length > 0)
    return unknown(
      `Nobody has seen the digest of ${unseen.join(', ')}.`,
      evidence,
      `docker buildx imagetools inspect ${unseen[0] ?? ''}, and write its digest behind the version in ${files[0] ?? ''}`,
    );
  const next = `scan the built images with a current feed (trivy image, grype), and keep the counts in ${scanFile}`;
  const scan = scanSchema.safeParse(readJson(await asked.readText(scanFile).catch(() => '')));
  if (!scan.success) return unknown('No scanner with a feed has looked at the images.', evidence, next);
  const { takenAt, scanner, feed, lockfile, bases: scanned, vulnerabilities } = scan.data;
  const proof = [
    ...evidence,
    seen(`${scanner} with the feed of ${feed}, on ${takenAt}`, scanFile, vulnerabilities),
  ];
  const age = asked.now.getTime() - Date.parse(takenAt);
  const feedAge = Date.parse(takenAt) - Date.parse(feed);
  if (!(age >= 0 && age <= scanDays * day && feedAge >= -day && feedAge <= scanDays * day))
    return unknown(`The scan of ${takenAt} with the feed of ${feed} is too old.`, proof, next);
  const digest = createHash('sha256').update(await asked.readText('package-lock.json')).digest('hex'); // prettier-ignore
  if (digest !== lockfile || bases.some(({ image }) => !scanned.includes(image)))
    return unknown('The scan is of other images.', proof, next);
  return judgeCounts(
    vulnerabilities,
    proof,
    'rebuild upon a newer base, or update the package, and scan again',
  );
}
