import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';
import { pageBuild } from '../../../page-build.ts';

/**
 * nhsuk-frontend's style sheet names Frutiger on assets.nhs.uk: another origin, and a typeface licensed to the NHS alone. Both the
 * font faces and the family's name go; Arial, its own next choice, stays. Its pictures for sortable tables, which the portal does not
 * have, would be looked for at an address that does not exist.
 */
const keepStylesAtHome = {
  postcssPlugin: 'keep-styles-at-home',
  AtRule: (rule: { name: string; params: string; remove: () => void }) => {
    // `screen\0` speaks to Internet Explorer alone, and the minifier cannot read it.
    if (rule.name === 'font-face' || (rule.name === 'media' && rule.params.includes('\\0'))) rule.remove();
  },
  Declaration: (declaration: { prop: string; value: string; remove: () => void }) => {
    if (declaration.value.includes('/assets/images/')) declaration.remove();
    else if (declaration.prop === 'font-family' && declaration.value.includes('Frutiger'))
      declaration.value = 'arial, sans-serif';
  },
};

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  resolve: { conditions: ['cordon-source', ...defaultClientConditions] },
  css: { postcss: { plugins: [keepStylesAtHome] } },
  build: pageBuild,
});
