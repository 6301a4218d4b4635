import type { BuildOptions } from 'vite';

/**
 * How the pages of every app are built. They run under script-src 'self' and style-src 'self': nothing may be inlined into the HTML or
 * into data: URLs.
 */
export const pageBuild = {
  outDir: '../dist/ui',
  emptyOutDir: true,
  assetsInlineLimit: 0,
  modulePreload: { polyfill: false },
  target: 'es2023',
} satisfies BuildOptions;
