/** The TypeScript of a bundle's modules that train: data, and which backend opens it how. */
import type { Backend } from '../../runtime/artifact/bundle.ts';
import type { Program } from '../../runtime/artifact/program.ts';
import type { Shaders } from '../../runtime/artifact/shaders.ts';
import type { BundleTraining } from '../../runtime/artifact/training.ts';
import { bareProgram } from './bare-program.ts';
import { describedInput } from './described-input.ts';
import { addressSource, constant, newFile, runtimeAlias } from './source-file.ts';
import type { BundleTarget } from './target.ts';

export interface TrainingParts {
  readonly training: BundleTraining;
  /** What the WebAssembly and the JavaScript of the step are of. */
  readonly linear: Program;
}

export const trainFile = 'train.wasm';

export function trainerSource({ training, linear }: TrainingParts, target: BundleTarget): string {
  const file = newFile('train.ts');
  const names = (module: string, ...namedImports: string[]): void => {
    file.addImportDeclaration({ moduleSpecifier: `${runtimeAlias}/${module}`, namedImports });
  };
  names('bundle/fit/trainer', 'trainerOf');
  const { backends, code } = target;
  const apart = code === 'apart';
  if (backends.includes('wasm')) {
    names('bundle/fit/wasm-step', 'wasmStep');
    if (code !== 'import') names('bundle/files', apart ? 'readFile' : 'inlined');
    const from = code === 'import' ? `./${trainFile}` : `./${trainFile}.js`;
    if (!apart) file.addImportDeclaration({ moduleSpecifier: from, defaultImport: 'module' });
  }
  if (backends.includes('javascript')) {
    names('bundle/fit/js-step', 'jsStep');
    if (!apart) importAll(file, './train-kernels.js', 'kernels');
  }
  if (backends.includes('webgpu')) {
    names('bundle/fit/webgpu-step', 'webgpuStep');
    if (!apart) importAll(file, './train-webgpu.js', 'webgpu');
  }
  const described = { ...training, inputs: training.inputs.map(describedInput) };
  constant(file, 'training', JSON.stringify(described));
  constant(file, 'program', JSON.stringify(bareProgram(linear)));
  const opens = backends.map((backend) => `${backend}: async () => ${openSource(backend, code)}`);
  constant(file, 'opens', `{ ${opens.join(', ')} }`);
  file.addVariableStatement({
    isExported: true,
    declarations: [
      {
        name: 'trainer',
        initializer: 'trainerOf(training, async (backend) => opens[backend]?.())',
      },
    ],
  });
  return file.getFullText();
}

/** Shaders and their program, as data. */
export function trainShadersSource(program: Program, shaders: Shaders): string {
  const file = newFile('train-webgpu.ts');
  const initializer = JSON.stringify({ program: bareProgram(program), shaders });
  file.addVariableStatement({
    isExported: true,
    declarations: [{ name: 'code', initializer }],
  });
  return file.getFullText();
}

function openSource(backend: Backend, code: BundleTarget['code']): string {
  const apart = code === 'apart';
  switch (backend) {
    case 'wasm': {
      const bytes = {
        apart: `await readFile(${addressSource(trainFile)})`,
        inline: 'inlined(module)',
        import: 'module',
      }[code];
      return `wasmStep(program, ${bytes})`;
    }
    case 'javascript':
      return `jsStep(program, ${apart ? `await import('./train-kernels.js')` : 'kernels'})`;
    case 'webgpu':
      return `webgpuStep((${apart ? `await import('./train-webgpu.js')` : 'webgpu'}).code)`;
  }
}

function importAll(file: ReturnType<typeof newFile>, from: string, name: string): void {
  file.addImportDeclaration({ moduleSpecifier: from, namespaceImport: name });
}
