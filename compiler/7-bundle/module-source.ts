/**
 * The TypeScript of a bundle's modules. It is data and a few calls: names of the spec stand in it
 * as text in JSON and nowhere else, so that no name changes what the code does.
 */
import type { SourceFile } from 'ts-morph';
import type { BundleDescription } from '../../runtime/artifact/bundle.ts';
import type { Program } from '../../runtime/artifact/program.ts';
import type { ShaderModule } from '../../runtime/artifact/shaders.ts';
import type { BundleTraining } from '../../runtime/artifact/training.ts';
import { describedInput } from './described-input.ts';
import { linearPlanSource } from './linear-plan.ts';
import { dimExpression, sizeCode } from './size-code.ts';
import type { Precision } from './precision.ts';
import { sizeNames } from './places-source.ts';
import { addressSource, constant, newFile, runtimeAlias } from './source-file.ts';
import type { BundleTarget } from './target.ts';
import { webgpuPlanSource } from './webgpu-plan.ts';

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
  const { target, training } = parts;
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
    constant(file, 'place', addressSource(parts.description.weights.file));
  }
  constant(file, 'description', descriptionSource(parts.description));
  if (isLinear(target)) constant(file, 'plan', linearPlanSource(parts.linear));
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

function openSource(parts: ModuleParts): string {
  const bundle = bundleSource(parts);
  if (parts.training === undefined) return `openBundle(${bundle}, options)`;
  const module = parts.target.code === 'apart' ? `(await import('./train.js'))` : 'train';
  return `openTrainable(${bundle}, async () => ${module}.trainer, options)`;
}

/** Of the runtime what this model needs. */
function importRuntime(file: SourceFile, parts: ModuleParts): void {
  const { target } = parts;
  const { backends } = target;
  const names = (module: string, ...named: readonly string[]): void => {
    file.addImportDeclaration({
      moduleSpecifier: `${runtimeAlias}/${module}`,
      namedImports: [...named],
    });
  };
  if (parts.training === undefined) names('bundle/load', 'openBundle', 'type LoadOptions');
  else names('bundle/fit/trainable', 'openTrainable', 'type TrainableOptions');
  names('bundle/engine', 'type NamedNumbers');
  if (backends.includes('webgpu')) {
    names('bundle/fallback', 'withFallback');
    names('bundle/lasting', 'lasting');
  } else {
    names('bundle/first', 'firstOf');
  }
  if (isLinear(target)) names('bundle/linear-engine', 'linearEngine');
  if (backends.includes('wasm')) names('bundle/wasm-code', 'wasmCode');
  const isInline = target.weights === 'inline' || target.code === 'inline';
  names('bundle/files', ...(isInline ? ['inlined'] : []), 'readFile');
  const decoder = decoders[parts.precision];
  if (decoder !== undefined) names('bundle/decode', decoder);
  if (parts.text !== undefined) names('text/vocabulary', 'Vocabulary');
  const encodes = encodings(parts);
  if (encodes.length > 0) names('bundle/text', ...encodes.map(({ name }) => name));
  if (encodes.length > 1) names('bundle/text', 'firstEncoding');
  if (hasNames(parts)) names('bundle/tell', 'tellNames');
  if (parts.streams) names('bundle/stream', 'openStream');
  if (parts.samples !== undefined) names('bundle/sample', 'sample', 'type SampleOptions');
}

function isLinear({ backends }: BundleTarget): boolean {
  return backends.some((backend) => backend !== 'webgpu');
}

/** Whether labels or tokens are told beside numbers. */
function hasNames({ description }: ModuleParts): boolean {
  return description.outputs.some(({ labels, tokens }) => (labels ?? tokens) !== undefined);
}

/** The part of a bundle that only pages with a GPU load. */
export function webgpuSource(program: Program, shaders: ShaderModule): string {
  const file = newFile('webgpu.ts');
  file.addImportDeclaration({
    moduleSpecifier: `${runtimeAlias}/bundle/webgpu-engine`,
    namedImports: ['webgpuEngine'],
  });
  constant(file, 'plan', webgpuPlanSource(program, shaders));
  file.addFunction({
    name: 'open',
    isExported: true,
    parameters: [
      { name: 'weights', type: 'Parameters<typeof webgpuEngine>[1]' },
      { name: 'lasting', type: 'Parameters<typeof webgpuEngine>[2]' },
    ],
    statements: ['return webgpuEngine(plan, weights, lasting);'],
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

/** The description in JSON, but for times, which are functions of the sizes that are open. */
function descriptionSource(whole: BundleDescription): string {
  const { name: _, outputs, inputs, states, ...rest } = whole;
  const { names, parameters } = sizeNames(rest.symbols);
  const texts = outputs.map(({ time, dtype: _, ...output }) => {
    const text = JSON.stringify(output);
    if (time === undefined) return text;
    return `{ ...${text}, time: (${parameters}) => ${sizeCode(dimExpression(time), names)} }`;
  });
  const others = {
    inputs: inputs.map(describedInput),
    states: states.map(({ dtype, ...state }) => (dtype === 'float' ? state : { ...state, dtype })),
    ...rest,
  };
  return `{ ...${JSON.stringify(others)}, outputs: [${texts.join(', ')}] }`;
}

function bundleSource(parts: ModuleParts): string {
  const { target } = parts;
  const decoder = decoders[parts.precision];
  const encodes = encodings(parts).map(({ name, argument }) => `${name}(${argument})`);
  const [encode = ''] = encodes.length > 1 ? [`firstEncoding(${encodes.join(', ')})`] : encodes;
  const engines = target.backends.map((backend) => engineSource(backend, target));
  return `{
    described: description as never,
    engines: [${engines.join(', ')}],
    choose: ${target.backends.includes('webgpu') ? 'withFallback' : 'firstOf'},
    files: ${filesSource(parts)},
    ${encode === '' ? '' : `encode: ${encode},`}
    ${hasNames(parts) ? 'tell: tellNames,' : ''}
    ${decoder === undefined ? '' : `decode: ${decoder},`}
    ${featuresSource(parts)}
  }`;
}

function encodings({
  text,
  labels,
}: ModuleParts): readonly { readonly name: string; readonly argument: string }[] {
  return [
    ...(text === undefined ? [] : [{ name: 'encodeText', argument: 'vocabulary' }]),
    ...(labels === undefined ? [] : [{ name: 'encodeLabels', argument: JSON.stringify(labels) }]),
  ];
}

function engineSource(backend: BundleTarget['backends'][number], target: BundleTarget): string {
  const apart = target.code === 'apart';
  const weights = 'weights: NamedNumbers';
  switch (backend) {
    case 'webgpu': {
      const module = apart ? `(await import('./webgpu.js'))` : 'webgpu';
      return `{ backend: 'webgpu', open: async (${weights}) => ${module}.open(weights, lasting) }`;
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
  const stream = `stream: (from?: Parameters<typeof openStream>[1]) => openStream(opened, from),`;
  const drawn = JSON.stringify(samples ?? {}).slice(1, -1);
  const draw = `sample: (options?: SampleOptions) =>
      sample(opened, { ${drawn}, vocabulary }, options),`;
  return `abilities: (opened) => ({
    ${streams ? stream : ''}
    ${samples === undefined ? '' : draw}
  }),`;
}
