/**
 * The TypeScript of a bundle's modules. It is data and a few calls: names of the spec stand in it
 * as text in JSON and nowhere else, so that no name changes what the code does.
 */
import { Project, VariableDeclarationKind, type SourceFile } from 'ts-morph';
import type { BundleDescription } from '../../runtime/artifact/bundle.ts';
import type { Program } from '../../runtime/artifact/program.ts';
import type { Shaders } from '../../runtime/artifact/shaders.ts';
import { bareProgram } from './bare-program.ts';
import { linearPlanSource } from './linear-plan.ts';
import type { BundleTarget } from './target.ts';

/** Where the runtime's own modules are found; whoever assembles a bundle knows where that is. */
export const runtimeAlias = 'gatework-runtime';

/** How the file of the weights holds them. */
export const precisions = ['f32', 'f16', 'int8'] as const;
export type Precision = (typeof precisions)[number];

/** Which part of runtime/bundle/decode.ts reads them. */
const decoders = { f32: undefined, f16: 'decodeF16', int8: 'decodeInt8' } as const;

export interface ModuleParts {
  readonly description: BundleDescription;
  readonly precision: Precision;
  /** For linear memory: what the WebAssembly and the JavaScript of the bundle are of. */
  readonly linear: Program;
  readonly target: BundleTarget;
  readonly text?: BundleText;
  readonly labels?: readonly string[];
  /** Whether each answer follows from the past alone. */
  readonly streams: boolean;
  readonly samples?: { readonly input: string; readonly output: string; readonly stream: boolean };
}

export interface BundleText {
  readonly kind: 'words' | 'characters';
  readonly lowerCase: boolean;
  readonly tokens: readonly string[];
}

export function entrySource(parts: ModuleParts): string {
  const file = newFile('index.ts');
  const { target } = parts;
  const names = (module: string, ...named: readonly string[]): void => {
    file.addImportDeclaration({
      moduleSpecifier: `${runtimeAlias}/${module}`,
      namedImports: [...named],
    });
  };
  names('bundle/load', 'openBundle', 'type LoadOptions');
  names('bundle/linear-engine', 'linearEngine');
  if (target.backends.includes('wasm')) names('bundle/wasm-code', 'wasmCode');
  const isInline = target.weights === 'inline' || target.code === 'inline';
  const reads = [...(isInline ? ['inlined'] : []), 'readFile'];
  names('bundle/files', ...reads);
  const decoder = decoders[parts.precision];
  if (decoder !== undefined) names('bundle/decode', decoder);
  if (parts.text !== undefined) {
    names('bundle/text', 'encodeText');
    names('text/vocabulary', 'Vocabulary');
  }
  if (parts.labels !== undefined) names('bundle/text', 'encodeLabels');
  if (parts.streams) names('bundle/stream', 'openStream');
  if (parts.samples !== undefined) names('bundle/sample', 'sample', 'type SampleOptions');
  importCode(file, target);
  if (target.weights === 'inline') {
    for (const name of ['weights', 'golden']) {
      file.addImportDeclaration({ moduleSpecifier: `./${name}.js`, defaultImport: name });
    }
  }
  if (target.weights === 'file') {
    constant(file, 'place', addressSource(parts.description.weights.file));
  }
  constant(file, 'description', JSON.stringify(parts.description));
  constant(file, 'plan', linearPlanSource(parts.linear));
  if (parts.text !== undefined) constant(file, 'vocabulary', vocabularySource(parts.text));
  file.addFunction({
    name: 'load',
    isExported: true,
    parameters: [{ name: 'options', type: 'LoadOptions', hasQuestionToken: true }],
    statements: [`return openBundle(${bundleSource(parts)}, options);`],
  });
  return file.getFullText();
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

function constant(file: SourceFile, name: string, initializer: string): void {
  file.addVariableStatement({
    declarationKind: VariableDeclarationKind.Const,
    declarations: [{ name, initializer }],
  });
}

function vocabularySource(text: BundleText): string {
  const counts = text.tokens.map(() => 0);
  return `Vocabulary.fromJSON(${JSON.stringify({ ...text, counts })}, 'vocabulary')`;
}

function bundleSource(parts: ModuleParts): string {
  const { target, labels } = parts;
  const decoder = decoders[parts.precision];
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
    ${decoder === undefined ? '' : `decode: ${decoder},`}
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

/** Bundlers that follow addresses know them by this form, and by no other. */
function addressSource(file: string): string {
  return `new URL(${JSON.stringify(`./${file}`)}, import.meta.url)`;
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

function newFile(name: string): SourceFile {
  return new Project({ useInMemoryFileSystem: true }).createSourceFile(name);
}
