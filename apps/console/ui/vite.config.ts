import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';
import { pageBuild } from '../../../page-build.ts';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  resolve: { conditions: ['cordon-source', ...defaultClientConditions] },
  build: {
    ...pageBuild,
    // The PDF reader's two chunks, loaded when somebody chooses a PDF.
    chunkSizeWarningLimit: 1100,
  },
});
