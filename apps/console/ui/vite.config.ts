import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

// The pages run under script-src 'self' and style-src 'self': nothing may be inlined into the HTML or into data: URLs.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  resolve: { conditions: ['cordon-source', ...defaultClientConditions] },
  build: {
    outDir: '../dist/ui',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
    // The PDF reader's two chunks, loaded when somebody chooses a PDF.
    chunkSizeWarningLimit: 1100,
  },
});
