import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The page runs under script-src 'self' and style-src 'self': nothing may be inlined into the HTML or into data: URLs.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: '../dist/ui',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
  },
});
