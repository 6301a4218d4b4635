export type FormFileType = 'png' | 'jpeg' | 'pdf';

/** The engine's own limit, in bytes. */
export const LARGEST_FILE = 20 * 1024 * 1024;

export type FileVerdict =
  { readonly ok: true; readonly type: FormFileType } | { readonly ok: false; readonly why: string };

const SIGNATURES: readonly (readonly [FormFileType, readonly number[]])[] = [
  ['png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['jpeg', [0xff, 0xd8, 0xff]],
  ['pdf', [0x25, 0x50, 0x44, 0x46, 0x2d]],
];

/** How many first bytes {@link checkFile} asks for. */
export const HEAD_BYTES = 8;

/** Judges by size and first bytes, as the engine does: a file's name and declared type say nothing. */
export function checkFile(size: number, head: Uint8Array): FileVerdict {
  if (size === 0)
    return { ok: false, why: 'This file is empty. Scan the form again, then choose the new file.' };
  if (size > LARGEST_FILE)
    return {
      ok: false,
      why: 'This file is larger than 20 MB. Scan the form at 300 dpi and choose the new file.',
    };
  const match = SIGNATURES.find(([, bytes]) => bytes.every((byte, index) => head[index] === byte));
  if (match === undefined)
    return {
      ok: false,
      why: 'This is not a PNG, JPEG or PDF file, whatever its name says. Save the form as one of these.',
    };
  return { ok: true, type: match[0] };
}

/** What the file is called on its way: the person's own file name may hold a name or a number. */
export function neutralName(type: FormFileType): string {
  return type === 'jpeg' ? 'form.jpg' : `form.${type}`;
}

export function nameOfType(type: FormFileType): string {
  return type === 'pdf' ? 'PDF' : type === 'png' ? 'PNG picture' : 'JPEG picture';
}
