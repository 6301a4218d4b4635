import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

// The pages run under script-src 'self' and style-src 'self': nothing may be inlined into the HTML or into data: URLs.
export default defineConfig({
  root: import.meta.dirname,
  // Where the servers that show the chat in a frame keep it.
  base: '/chat/',
  plugins: [react()],
  resolve: { conditions: ['cordon-source', ...defaultClientConditions] },
  build: {
    outDir: '../dist/ui',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
    // The words by which names are told from other words are loaded apart, once somebody writes.
    chunkSizeWarningLimit: 1_200,
  },
});
