import eslint from '@eslint/js';
import noUnsanitized from 'eslint-plugin-no-unsanitized';
import reactHooks from 'eslint-plugin-react-hooks';
import security from 'eslint-plugin-security';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { noStringBuiltSql } from './testing/lint/no-string-built-sql.ts';

const plainJavaScript = ['**/*.mjs', '**/*.js', '**/*.cjs'];

export default defineConfig(
  globalIgnores(['**/dist/', '**/node_modules/', '.cordon/', 'coverage/']),
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  noUnsanitized.configs.recommended,
  security.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['apps/*/ui/vite.config.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      // Numbers in messages are the common, harmless case; objects stay refused.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      'no-console': 'error',
      eqeqeq: 'error',
      // These two report every computed index and every path that is not a literal: with strict indexed
      // access and paths taken from settings they are noise that would teach people to suppress.
      'security/detect-object-injection': 'off',
      'security/detect-non-literal-fs-filename': 'off',
    },
  },
  {
    files: ['apps/**/*.ts', 'packages/**/*.ts'],
    // Names cannot be parameters, and these folders take none from a request: the set-up and the prover name the objects of a
    // catalogue, quoted, and tests look into every table.
    ignores: [
      'packages/stores/src/{setup,testing}/**',
      'packages/row-security/src/prover/**',
      '**/*.test.ts',
      '**/testing/**',
    ],
    plugins: { cordon: { rules: { 'no-string-built-sql': noStringBuiltSql } } },
    rules: { 'cordon/no-string-built-sql': ['error', { quoting: ['placeColumn'] }] },
  },
  {
    files: ['apps/*/ui/**/*.{ts,tsx}', 'packages/clinic-page/**/*.ts'],
    ...reactHooks.configs.flat.recommended,
  },
  {
    files: plainJavaScript,
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: {
        module: 'writable',
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
      },
    },
  },
  // A command line speaks to its terminal.
  { files: ['apps/cli/**', 'launch/**', 'bench/**'], rules: { 'no-console': 'off' } },
);
