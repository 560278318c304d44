/**
 * The house's rules that a linter can hold. Which folder may import which is in
 * .dependency-cruiser.cjs; the layout of the text is prettier's.
 */
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const reproducible = 'A spec must compile and run to the same bits every time.';
const quiet = 'Only compiler/cli talks to the person; return a value or a diagnostic.';
const anyHost = 'This code must run in browsers as well as in Node.';
const counted = 'Random numbers come from the counter-based generator, keyed by seed and step.';

const hostGlobals = ['process', 'Buffer', 'global', 'require', '__dirname', '__filename'];
const browserGlobals = ['navigator', 'window', 'document', 'localStorage'];
const noMathRandom = { object: 'Math', property: 'random', message: counted };
const named = (names, message) => names.map((name) => ({ name, message }));

const barrels = [
  { selector: 'ExportAllDeclaration', message: 'Only the two doors (index.ts) pass exports on.' },
  {
    selector: 'ExportNamedDeclaration[source]',
    message: 'Only the two doors (index.ts) pass exports on.',
  },
];

const page = 'examples/web-tagger/page';

export default defineConfig(
  { ignores: ['dist/', 'out/', 'coverage/', 'node_modules/', '**/*.gen.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', `${page}/*.js`],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      eqeqeq: 'error',
      'no-eval': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      'no-restricted-syntax': ['error', ...barrels],
      'no-restricted-exports': [
        'error',
        {
          restrictDefaultExports: {
            direct: true,
            named: true,
            defaultFrom: true,
            namedFrom: true,
            namespaceFrom: true,
          },
        },
      ],
      'max-lines': ['error', { max: 400 }],
      'max-len': [
        'error',
        { code: 100, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/consistent-type-definitions': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Numbers print as one expects; anything else in a template is still an error.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `return context.error(…)` reports a mistake and yields undefined, which is a value here.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_+$', ignoreRestSiblings: true },
      ],
    },
  },
  {
    files: ['compiler/index.ts', 'compiler/verify/index.ts', 'runtime/index.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['compiler/**/*.ts', 'runtime/**/*.ts'],
    rules: {
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
      'no-restricted-properties': ['error', noMathRandom],
    },
  },
  {
    files: ['compiler/**/*.ts'],
    ignores: ['compiler/{cli,plugin}/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...named(['Date', 'performance', 'crypto'], reproducible),
        ...named(['console'], quiet),
        ...named([...hostGlobals, ...browserGlobals], anyHost),
      ],
    },
  },
  {
    files: ['runtime/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...named(['console'], 'Report through the callbacks that the caller gives.'),
        ...named(hostGlobals, anyHost),
      ],
    },
  },
  {
    // Written for browsers by hand, with types in comments.
    files: [`${page}/*.js`],
    languageOptions: {
      parserOptions: {
        projectService: false,
        project: [`${page}/tsconfig.json`, `${page}/tsconfig.workers.json`],
      },
    },
    rules: { 'max-lines-per-function': ['error', { max: 50 }] },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // A test's callback is a list of cases; and a mock may well be async with nothing to await.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    // Tools that are configured by a default export, or are one, as plugins for bundlers are.
    files: [
      '*.config.ts',
      'test/support/closing-line-reporter.ts',
      'compiler/plugin/{vite,rollup,webpack,esbuild}.ts',
    ],
    rules: { 'no-restricted-exports': 'off' },
  },
);
