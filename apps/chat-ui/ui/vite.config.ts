import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';
import { pageBuild } from '../../../page-build.ts';

export default defineConfig({
  root: import.meta.dirname,
  // Where the servers that show the chat in a frame keep it.
  base: '/chat/',
  plugins: [react()],
  resolve: { conditions: ['cordon-source', ...defaultClientConditions] },
  build: {
    ...pageBuild,
    // The words by which names are told from other words are loaded apart, once somebody writes.
    chunkSizeWarningLimit: 1_200,
  },
});
