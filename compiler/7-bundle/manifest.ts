/** `manifest.json` and `package.json`: what a bundle is, for programs; always the same bytes. */
import type {
  BundleDescription,
  BundleInput,
  BundleOutput,
  BundleState,
} from '../../runtime/artifact/bundle.ts';
import type { Quality } from './quality.ts';
import { timeTexts } from './time-text.ts';
import type { BundleTarget } from './target.ts';

export interface ManifestParts {
  readonly description: BundleDescription;
  readonly target: BundleTarget;
  readonly spec: string;
  readonly parameters: number;
  /** Of one time step of one example, a multiply and an add being two. */
  readonly flops: string;
  readonly tool: string;
  /** SHA-256 in hexadecimal, by file. */
  readonly hashes: ReadonlyMap<string, string>;
  readonly precision: string;
  /** Whether it can be trained further. */
  readonly trainable: boolean;
  /** What the precision costs, where it was measured. */
  readonly quality?: Quality;
  /** Of `gatework train`, as it was recorded. */
  readonly training?: unknown;
  readonly license?: string;
}

export function manifestText(parts: ManifestParts): string {
  const { description, target, hashes, tool, spec } = parts;
  const { inputs, outputs, states, name } = description;
  const array = (one: BundleInput | BundleOutput | BundleState): object => {
    const axes = timeTexts('time' in one ? one.time : undefined);
    return { name: one.name, shape: ['B', ...axes, ...one.sizes] };
  };
  const document = {
    format: 'gatework-bundle-1',
    name,
    tool,
    spec,
    inputs: inputs.map((input) => ({
      ...array(input),
      element: input.element,
      ...(input.ids === undefined ? {} : { ids: input.ids }),
    })),
    outputs: outputs.map((output) => ({
      ...array(output),
      dtype: output.dtype,
      ...(output.labels === undefined ? {} : { labels: output.labels }),
    })),
    states: states.map(array),
    parameters: parts.parameters,
    flops: parts.flops,
    precision: parts.precision,
    trainable: parts.trainable,
    ...(parts.quality === undefined ? {} : { quality: parts.quality }),
    target: target.name,
    backends: target.backends,
    licenses: {
      runtime: 'MIT',
      ...(parts.license === undefined ? {} : { model: parts.license }),
    },
    ...(parts.training === undefined ? {} : { training: parts.training }),
    files: Object.fromEntries(hashes),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

export function packageText(name: string, target: BundleTarget): string {
  const document = {
    name: packageName(name),
    version: '1.0.0',
    private: true,
    type: 'module',
    exports: {
      '.': { types: './index.d.ts', default: './index.js' },
      './manifest.json': './manifest.json',
    },
    types: './index.d.ts',
    // Files that are imported later on are known to the entry alone.
    sideEffects: false,
    engines: { node: '>=20.19' },
    description: `A model as a module, built for ${target.name}.`,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** What npm takes for a name, of whatever the model is called. */
function packageName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60);
  return `${plain.replace(/^-+|-+$/g, '') || 'model'}-model`;
}
