import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { pageBuild } from '../../../page-build.ts';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: pageBuild,
});
