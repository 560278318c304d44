/** Every file of a bundle, by name. The same spec and weights give the same bytes. */
import { createHash } from 'node:crypto';
import { cardText } from '../../7-bundle/card.ts';
import { declarationSource } from '../../7-bundle/declarations.ts';
import { manifestText, packageText } from '../../7-bundle/manifest.ts';
import type { Quality } from '../../7-bundle/quality.ts';
import { trainFile } from '../../7-bundle/training-source.ts';
import { bundled, emitWat } from '../../6-emit/wasm/emit.ts';
import { emitWgsl } from '../../6-emit/wgsl/emit.ts';
import { elementCount, plus, polynomialValue, printPolynomial } from '../../graph/polynomial.ts';
import { countFlops } from '../../graph/flops.ts';
import { inferenceGraph } from '../../pipeline.ts';
import { version } from '../version.ts';
import { assemble, moduleSources } from './assemble.ts';
import { goldenFile, weightsFile, type CompiledBundle } from './compile.ts';
import type { BundleModel } from './open-model.ts';

export interface BundleFilesOptions {
  readonly sources: boolean;
  readonly license?: string;
  /** What the precision costs, where it was measured. */
  readonly quality?: Quality;
}

export async function bundleFiles(
  { model, opened, record }: BundleModel,
  bundle: CompiledBundle,
  { sources, license, quality }: BundleFilesOptions,
): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const { parts, weights, golden } = bundle;
  const { description, precision, target, streams, text } = parts;
  const files = new Map<string, string | Uint8Array>(await assemble(bundle));
  files.set('index.d.ts', declarationSource(declared(bundle)));
  files.set(goldenFile, golden.bytes);
  if (target.weights === 'file') files.set(weightsFile, weights.bytes);
  if (sources) for (const [name, source] of sourceFiles(bundle)) files.set(name, source);
  const spec = opened.source.text;
  const parameters = polynomialValue(plus(...model.weights.map((w) => elementCount(w.shape)))) ?? 0;
  const licensed = license === undefined ? {} : { license };
  const measured = quality === undefined ? {} : { quality };
  files.set(
    'README.md',
    cardText({
      ...{ description, spec, parameters, streams, precision, ...licensed, ...measured },
      samples: parts.samples !== undefined,
      trains: parts.training !== undefined,
      training: trainingLines(record),
      takesText: text !== undefined,
      beside: ['model.wasm', trainFile, weightsFile, goldenFile].filter((name) =>
        isBeside(name, bundle),
      ),
    }),
  );
  files.set('package.json', packageText(description.name, target));
  const hashes = new Map([...files].sort(byName).map(([name, content]) => [name, sha256(content)]));
  const flops = printPolynomial(countFlops(inferenceGraph(model)));
  const training = record === undefined ? {} : { training: trainingOf(record) };
  files.set(
    'manifest.json',
    manifestText({
      ...{ description, target, spec, parameters, flops, hashes, precision, ...licensed },
      ...measured,
      ...training,
      trainable: parts.training !== undefined,
      tool: `gatework ${version}`,
    }),
  );
  return files;
}

/** Whether the module reads this file from where it is itself. */
function isBeside(name: string, { parts: { target }, wasm, training }: CompiledBundle): boolean {
  if (name === 'model.wasm') return target.code === 'apart' && wasm !== undefined;
  if (name === trainFile) return target.code === 'apart' && training?.wasm !== undefined;
  return target.weights === 'file';
}

function declared({ parts }: CompiledBundle): Parameters<typeof declarationSource>[0] {
  if (parts.streams) return parts;
  const whole =
    parts.description.states.length === 0
      ? 'the model keeps no state from one time step to the next.'
      : 'its answers depend on later time steps, so that it needs the whole sequence.';
  return { ...parts, whole };
}

/** What modules were made from, to read. */
function sourceFiles(bundle: CompiledBundle): ReadonlyMap<string, string> {
  const { parts, wasm, webgpu, training } = bundle;
  const files = new Map(
    [...moduleSources(bundle)].map(([name, text]) => [`sources/${name}`, text] as const),
  );
  if (wasm !== undefined) files.set('sources/model.wat', emitWat(parts.linear, bundled));
  if (training?.wasm !== undefined) {
    files.set('sources/train.wat', emitWat(training.linear, bundled));
  }
  if (webgpu !== undefined) {
    const shaders = emitWgsl(webgpu.program);
    files.set('sources/kernels.wgsl', shaders.join('\n'));
  }
  if (training?.webgpu !== undefined) {
    files.set('sources/train-kernels.wgsl', emitWgsl(training.webgpu.program).join('\n'));
  }
  return files;
}

function trainingOf(record: NonNullable<BundleModel['record']>): object {
  const { settings, data, dtype, training } = record;
  return { settings, data: { digest: data.digest }, dtype, ...training };
}

function trainingLines(record: BundleModel['record']): string[] {
  if (record?.training === undefined) return [];
  const { steps, epochs, validationLoss } = record.training;
  const loss =
    validationLoss === undefined
      ? ''
      : `, to a validation loss of ${validationLoss.toPrecision(5)}`;
  return [`Trained by Gatework for ${steps} steps (${epochs} epochs)${loss}.`];
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
