import { defineConfig } from 'vite';
import { pageBuild } from '../../../page-build.ts';

// A page without script: what it shows moves nothing and asks nothing.
export default defineConfig({
  root: import.meta.dirname,
  build: pageBuild,
});
