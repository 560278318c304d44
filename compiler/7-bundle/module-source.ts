/**
 * The TypeScript of a bundle's modules. It is data and a few calls: names of the spec stand in it
 * as text in JSON and nowhere else, so that no name changes what the code does.
 */
import type { SourceFile } from 'ts-morph';
import type { BundleDescription } from '../../runtime/artifact/bundle.ts';
import type { Program } from '../../runtime/artifact/program.ts';
import type { Shaders } from '../../runtime/artifact/shaders.ts';
import type { BundleTraining } from '../../runtime/artifact/training.ts';
import { bareProgram } from './bare-program.ts';
import { linearPlanSource } from './linear-plan.ts';
import { addressSource, constant, newFile, runtimeAlias } from './source-file.ts';
import type { BundleTarget } from './target.ts';

export interface ModuleParts {
  readonly description: BundleDescription;
  /** For linear memory: what the WebAssembly and the JavaScript of the bundle are of. */
  readonly linear: Program;
  readonly target: BundleTarget;
  readonly text?: BundleText;
  readonly labels?: readonly string[];
  /** Whether each answer follows from the past alone. */
  readonly streams: boolean;
  readonly samples?: { readonly input: string; readonly output: string; readonly stream: boolean };
  /** What it learns from, where it can be trained further. */
  readonly training?: Pick<BundleTraining, 'inputs'>;
}

export interface BundleText {
  readonly kind: 'words' | 'characters';
  readonly lowerCase: boolean;
  readonly tokens: readonly string[];
}

export function entrySource(parts: ModuleParts): string {
  const file = newFile('index.ts');
  const { target, description, training } = parts;
  importRuntime(file, parts);
  importCode(file, target);
  if (training !== undefined && target.code !== 'apart') {
    file.addImportDeclaration({ moduleSpecifier: './train.js', namespaceImport: 'train' });
  }
  if (target.weights === 'inline') {
    for (const name of ['weights', 'golden']) {
      file.addImportDeclaration({ moduleSpecifier: `./${name}.js`, defaultImport: name });
    }
  }
  if (target.weights === 'file') {
    constant(file, 'place', addressSource(description.weights.file));
  }
  constant(file, 'description', JSON.stringify(description));
  constant(file, 'plan', linearPlanSource(parts.linear));
  if (parts.text !== undefined) constant(file, 'vocabulary', vocabularySource(parts.text));
  const type = training === undefined ? 'LoadOptions' : 'TrainableOptions';
  file.addFunction({
    name: 'load',
    isExported: true,
    parameters: [{ name: 'options', type, hasQuestionToken: true }],
    statements: [`return ${openSource(parts)};`],
  });
  return file.getFullText();
}

/** What the model needs of the runtime, and nothing else. */
function importRuntime(file: SourceFile, parts: ModuleParts): void {
  const { target } = parts;
  const names = (module: string, ...namedImports: string[]): void => {
    file.addImportDeclaration({ moduleSpecifier: `${runtimeAlias}/${module}`, namedImports });
  };
  if (parts.training === undefined) names('bundle/load', 'openBundle', 'type LoadOptions');
  else names('bundle/fit/trainable', 'openTrainable', 'type TrainableOptions');
  names('bundle/linear-engine', 'linearEngine');
  if (target.backends.includes('wasm')) names('bundle/wasm-code', 'wasmCode');
  const isInline = target.weights === 'inline' || target.code === 'inline';
  const reads = [...(isInline ? ['inlined'] : []), 'readFile'];
  names('bundle/files', ...reads);
  if (parts.text !== undefined) {
    names('bundle/text', 'encodeText');
    names('text/vocabulary', 'Vocabulary');
  }
  if (parts.labels !== undefined) names('bundle/text', 'encodeLabels');
  if (parts.streams) names('bundle/stream', 'openStream');
  if (parts.samples !== undefined) names('bundle/sample', 'sample', 'type SampleOptions');
}

function openSource(parts: ModuleParts): string {
  const bundle = bundleSource(parts);
  if (parts.training === undefined) return `openBundle(${bundle}, options)`;
  const module = parts.target.code === 'apart' ? `(await import('./train.js'))` : 'train';
  return `openTrainable(${bundle}, async () => ${module}.trainer, options)`;
}

/** The part of a bundle that only pages with a GPU load. */
export function webgpuSource(program: Program, shaders: Shaders): string {
  const file = newFile('webgpu.ts');
  file.addImportDeclaration({
    moduleSpecifier: `${runtimeAlias}/bundle/webgpu-engine`,
    namedImports: ['webgpuEngine', 'type WebgpuCode'],
  });
  constant(file, 'code', JSON.stringify({ program: bareProgram(program), shaders }));
  file.addFunction({
    name: 'open',
    isExported: true,
    parameters: [{ name: 'weights', type: 'Parameters<typeof webgpuEngine>[1]' }],
    statements: ['return webgpuEngine(code as unknown as WebgpuCode, weights);'],
  });
  return file.getFullText();
}

/** The part that only pages load that allow nothing else; `./kernels.js` is the printed program. */
export function javascriptSource(): string {
  const file = newFile('javascript.ts');
  file.addImportDeclaration({ moduleSpecifier: './kernels.js', namespaceImport: 'kernels' });
  file.addImportDeclaration({
    moduleSpecifier: `${runtimeAlias}/bundle/js-code`,
    namedImports: ['jsCode'],
  });
  file.addFunction({
    name: 'open',
    isExported: true,
    statements: ['return jsCode(kernels);'],
  });
  return file.getFullText();
}

/** Bytes as a module of text, base64. */
export function bytesSource(base64: string): string {
  return `export default '${base64}';\n`;
}

/** Code that is there from the start: imported, where it is not fetched when it is wanted. */
function importCode(file: SourceFile, { code, backends }: BundleTarget): void {
  if (code === 'import') {
    if (backends.includes('wasm')) {
      file.addImportDeclaration({ moduleSpecifier: './model.wasm', defaultImport: 'module' });
    }
  } else if (code === 'inline' && backends.includes('wasm')) {
    file.addImportDeclaration({ moduleSpecifier: './model.wasm.js', defaultImport: 'module' });
  }
  if (code === 'apart') return;
  if (backends.includes('webgpu')) {
    file.addImportDeclaration({ moduleSpecifier: './webgpu.js', namespaceImport: 'webgpu' });
  }
  if (backends.includes('javascript')) {
    file.addImportDeclaration({ moduleSpecifier: './javascript.js', namespaceImport: 'script' });
  }
}

function vocabularySource(text: BundleText): string {
  const counts = text.tokens.map(() => 0);
  return `Vocabulary.fromJSON(${JSON.stringify({ ...text, counts })}, 'vocabulary')`;
}

function bundleSource(parts: ModuleParts): string {
  const { target, labels } = parts;
  const encode = [
    ...(parts.text === undefined ? [] : ['encodeText(vocabulary)']),
    ...(labels === undefined ? [] : [`encodeLabels(${JSON.stringify(labels)})`]),
  ];
  const engines = target.backends.map((backend) => engineSource(backend, target));
  return `{
    description: description as never,
    engines: [${engines.join(', ')}],
    files: ${filesSource(parts)},
    encode: [${encode.join(', ')}],
    ${featuresSource(parts)}
  }`;
}

function engineSource(backend: BundleTarget['backends'][number], target: BundleTarget): string {
  const apart = target.code === 'apart';
  const weights = 'weights: Parameters<typeof linearEngine>[3]';
  switch (backend) {
    case 'webgpu': {
      const module = apart ? `(await import('./webgpu.js'))` : 'webgpu';
      return `{ backend: 'webgpu', open: async (${weights}) => ${module}.open(weights) }`;
    }
    case 'wasm': {
      const bytes = {
        apart: `await readFile(${addressSource('model.wasm')})`,
        inline: 'inlined(module)',
        import: 'module',
      }[target.code];
      return `{ backend: 'wasm', open: async (${weights}) => {
        const code = await wasmCode(${bytes});
        return code && linearEngine('wasm', code, plan, weights);
      } }`;
    }
    case 'javascript': {
      const module = apart ? `(await import('./javascript.js'))` : 'script';
      return `{ backend: 'javascript', open: async (${weights}) =>
        linearEngine('javascript', ${module}.open(), plan, weights) }`;
    }
  }
}

function filesSource({ target, description }: ModuleParts): string {
  if (target.weights === 'file') {
    return `{ base: place.href, weights: () => readFile(place),
    golden: () => readFile(${addressSource(description.golden.file)}) }`;
  }
  return `{ weights: () => inlined(weights),
    golden: () => inlined(golden) }`;
}

function featuresSource({ streams, samples }: ModuleParts): string {
  if (!streams && samples === undefined) return '';
  const stream = `stream: (from?: Parameters<typeof openStream>[3]) =>
      openStream(description, engine, encode, from),`;
  const drawn = JSON.stringify(samples ?? {}).slice(1, -1);
  const draw = `sample: (options?: SampleOptions) =>
      sample(description, engine, { ${drawn}, vocabulary }, options),`;
  return `features: ({ description, engine, encode }) => ({
    ${streams ? stream : ''}
    ${samples === undefined ? '' : draw}
  }),`;
}
