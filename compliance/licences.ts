/**
 * Licences that dependencies may be under, by SPDX id. Shipped: permissive ones, which ask for their text to be kept. Tools
 * that are not shipped may also be under licences that bind changed files, or that are for data and fonts.
 */
export const allowedLicences = {
  shipped: new Set(['MIT', 'MIT-0', 'Apache-2.0', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0', 'Python-2.0', 'Zlib', 'CC0-1.0']), // prettier-ignore
  toolsOnly: new Set(['MPL-2.0', 'OFL-1.1', 'CC-BY-4.0']),
} as const;

/** Looked at one by one. */
export const licenceExceptions = [
  {
    package: /^@img\/sharp-/,
    licence: 'LGPL-3.0-or-later',
    reason: 'libvips is linked dynamically and can be replaced, as the licence asks',
  },
  { package: /^@img\/sharp-/, licence: 'Apache-2.0 AND LGPL-3.0-or-later', reason: 'the same, on Windows' },
  {
    package: /^@img\/sharp-/,
    licence: 'Apache-2.0 AND LGPL-3.0-or-later AND MIT',
    reason: 'the same, in WebAssembly; not installed where a native one is',
  },
  {
    package: /^png-js$/,
    licence: 'none',
    reason: 'MIT by its LICENSE file; a tool of the tests, not shipped',
  },
] as const;
