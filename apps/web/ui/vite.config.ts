import { defineConfig } from 'vite';

// A page without script: what it shows moves nothing and asks nothing. Nothing may be inlined (style-src 'self').
export default defineConfig({
  root: import.meta.dirname,
  build: {
    outDir: '../dist/ui',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
  },
});
