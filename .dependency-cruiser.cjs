/**
 * Which way imports go; see ARCHITECTURE.md. Type imports count like any other. Library rules match
 * the bare name too, since a package that resolves in an unforeseen way must not slip past.
 */
const phase = '^compiler/(?:[0-9]-[a-z]+|interpret|adopt)/';
const only = (names) => `(?:^|node_modules/)(?:${names.join('|')})(?:/|$)`;

/** A folder of nouns and all that it may see of compiler/ and runtime/. */
function noun(name, sees) {
  return {
    name: `noun-${name}`,
    severity: 'error',
    comment: `Nouns stack: ${name} sees ${sees.join(', ') || 'nothing'} and itself.`,
    from: { path: `^compiler/${name}/` },
    to: {
      path: '^(compiler|runtime)/',
      pathNot: [`^compiler/${name}/`, ...sees.map((folder) => `^${folder}/`)],
    },
  };
}

const base = 'compiler/base';
const diagnostics = 'compiler/diagnostics';
const graph = 'compiler/graph';
const kernel = 'compiler/kernel';
const ops = 'compiler/ops';
const artifact = 'runtime/artifact';

module.exports = {
  forbidden: [
    noun('base', []),
    noun('diagnostics', [base]),
    noun('ast', [base, diagnostics]),
    noun('graph', [base, diagnostics, artifact]),
    noun('kernel', [base, diagnostics, artifact]),
    noun('ops', [base, diagnostics, graph, kernel, artifact]),
    noun('layers', [base, diagnostics, graph, kernel, ops, artifact]),
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'No cycles, not even through types.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'phases-are-strangers',
      severity: 'error',
      comment: 'What passes between two phases is a noun.',
      from: { path: '^compiler/([0-9]-[a-z]+|interpret|adopt)/' },
      to: { path: phase, pathNot: '^compiler/$1/' },
    },
    {
      name: 'only-the-pipeline-knows-phases',
      severity: 'error',
      from: {
        path: '.',
        pathNot: [
          phase,
          '^compiler/(pipeline|index)\\.ts$',
          '^compiler/(cli|plugin|verify)/',
          '^test/',
        ],
      },
      to: { path: phase },
    },
    {
      name: 'only-the-doors-know-the-pipeline',
      severity: 'error',
      from: {
        path: '.',
        pathNot: ['^compiler/(pipeline|index)\\.ts$', '^compiler/(cli|verify)/', '^test/'],
      },
      to: { path: '^compiler/pipeline\\.ts$' },
    },
    {
      name: 'nothing-inside-imports-a-door',
      severity: 'error',
      comment: 'The doors are for those outside; the command line may use them.',
      from: { path: '^(compiler|runtime)/', pathNot: '^compiler/cli/' },
      to: { path: '^(compiler|runtime)/index\\.ts$' },
    },
    {
      name: 'nothing-inside-is-verified-by-itself',
      severity: 'error',
      comment: 'verify runs the phases; only the command line and tests know it.',
      from: { path: '.', pathNot: ['^compiler/(verify|cli)/', '^test/'] },
      to: { path: '^compiler/verify/' },
    },
    {
      name: 'nothing-imports-the-command-line',
      severity: 'error',
      comment: 'The plugin for bundlers makes the bundles of `gatework build`.',
      from: { path: '.', pathNot: ['^compiler/(cli|plugin)/', '^test/'] },
      to: { path: '^compiler/cli/' },
    },
    {
      name: 'nothing-imports-the-plugin',
      severity: 'error',
      from: { path: '.', pathNot: ['^compiler/plugin/', '^test/'] },
      to: { path: '^compiler/plugin/' },
    },
    {
      name: 'the-plugin-computes-nothing',
      severity: 'error',
      comment: 'What it says of a model, `gatework build` says as well.',
      from: { path: '^compiler/plugin/' },
      to: {
        path: [phase, '^compiler/pipeline\\.ts$'],
        pathNot: '^compiler/7-bundle/(precision|target)\\.ts$',
      },
    },
    {
      name: 'ast-in-front-only',
      severity: 'error',
      comment: 'Only 2-elaborate sees both the syntax tree and the graph.',
      from: {
        path: '^compiler/',
        pathNot: [
          '^compiler/(ast|1-parse|2-elaborate|verify|cli)/',
          '^compiler/(pipeline|index)\\.ts$',
        ],
      },
      to: { path: '^compiler/ast/' },
    },
    {
      name: 'parser-sees-no-graph',
      severity: 'error',
      from: { path: '^compiler/1-parse/' },
      to: { path: '^compiler/(graph|kernel|ops|layers)/' },
    },
    {
      name: 'who-sees-kernels',
      severity: 'error',
      from: {
        path: '^compiler/',
        pathNot: [
          '^compiler/(kernel|ops|layers|5-schedule|6-emit|7-bundle|interpret|verify|cli)/',
          '^compiler/(pipeline|index)\\.ts$',
        ],
      },
      to: { path: '^compiler/kernel/' },
    },
    {
      name: 'emitters-see-kernels-alone',
      severity: 'error',
      from: { path: '^compiler/6-emit/' },
      to: { path: '^compiler/(ast|graph|ops|layers)/' },
    },
    {
      name: 'emitters-are-strangers',
      severity: 'error',
      from: { path: '^compiler/6-emit/([a-z]+)/' },
      to: { path: '^compiler/6-emit/[a-z]+/', pathNot: '^compiler/6-emit/$1/' },
    },
    {
      name: 'runtime-never-sees-the-compiler',
      severity: 'error',
      from: { path: '^runtime/' },
      to: { path: '^compiler/' },
    },
    {
      name: 'artifact-imports-nothing',
      severity: 'error',
      from: { path: '^runtime/artifact/' },
      to: { path: '.', pathNot: '^runtime/artifact/' },
    },
    {
      name: 'runtime-has-no-dependency',
      severity: 'error',
      comment: 'A bundle carries the runtime and nothing else.',
      from: { path: '^runtime/' },
      to: { path: '.', pathNot: '^runtime/' },
    },
    {
      name: 'devices-are-strangers',
      severity: 'error',
      from: { path: '^runtime/(webgpu|wasm|js|interpreter)/' },
      to: { path: '^runtime/(webgpu|wasm|js|interpreter)/', pathNot: '^runtime/$1/' },
    },
    {
      name: 'memory-knows-no-device',
      severity: 'error',
      comment: 'What WebAssembly and JavaScript share brings along neither.',
      from: { path: '^runtime/linear/' },
      to: { path: '^runtime/', pathNot: '^runtime/(linear|session|artifact)/' },
    },
    {
      name: 'compiler-sees-only-the-artifact',
      severity: 'error',
      comment: 'Who judges backends has to run them.',
      from: { path: '^compiler/', pathNot: '^compiler/(cli|verify)/' },
      to: { path: '^runtime/', pathNot: '^runtime/artifact/' },
    },
    {
      name: 'examples-use-the-doors',
      severity: 'error',
      from: { path: '^examples/' },
      to: { path: '^(compiler|runtime)/', pathNot: '^(compiler|runtime)/index\\.ts$' },
    },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      from: { path: '.', pathNot: '^test/' },
      to: { path: '^test/' },
    },
    {
      name: 'nothing-imports-examples',
      severity: 'error',
      from: { path: '.', pathNot: ['^examples/', '^test/'] },
      to: { path: '^examples/' },
    },
    {
      name: 'parser-libraries',
      severity: 'error',
      comment: 'Only 1-parse knows Chevrotain and yaml.',
      from: { path: '.', pathNot: ['^compiler/1-parse/', '^test/'] },
      to: { path: only(['chevrotain', '@chevrotain', 'yaml']) },
    },
    {
      name: 'drawing-libraries',
      severity: 'error',
      comment: 'Only compiler/verify draws specs and data.',
      from: { path: '.', pathNot: ['^compiler/verify/', '^test/'] },
      to: { path: only(['fast-check']) },
    },
    {
      name: 'bundle-libraries',
      severity: 'error',
      comment: 'Only 7-bundle writes TypeScript with ts-morph.',
      from: { path: '.', pathNot: '^compiler/7-bundle/' },
      to: { path: only(['ts-morph']) },
    },
    {
      name: 'plugin-libraries',
      severity: 'error',
      comment: 'Only the plugin knows of bundlers that are not our own.',
      from: { path: '.', pathNot: ['^compiler/plugin/', '^test/'] },
      to: { path: only(['unplugin']) },
    },
    {
      name: 'command-line-libraries',
      severity: 'error',
      comment: 'Terminals, pictures and data files are the business of compiler/cli.',
      from: { path: '^compiler/', pathNot: '^compiler/cli/' },
      to: {
        path: only([
          'commander',
          'picocolors',
          'cli-progress',
          'csv-parse',
          'elkjs',
          'vega',
          'vega-lite',
          'webgpu',
        ]),
      },
    },
    {
      name: 'node-modules-of-node',
      severity: 'error',
      comment: 'Only compiler/cli and plugin, examples and tests ask for files and processes.',
      from: { path: '^(compiler|runtime)/', pathNot: '^compiler/(cli|plugin)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'node-modules-by-name',
      severity: 'error',
      from: { path: '^(compiler|runtime)/', pathNot: '^compiler/(cli|plugin)/' },
      to: { path: '^node:' },
    },
    {
      name: 'no-development-packages',
      severity: 'error',
      comment: 'A peer is brought by whoever installs; that we develop with it too is no matter.',
      from: { path: '^(compiler|runtime)/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['npm-peer'],
        pathNot: '/@types/',
      },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
      extensions: ['.ts', '.js', '.json', '.d.ts'],
    },
  },
};
