/** Bundles in folders of their own, and their modules as Node imports them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Backend } from '../../runtime/artifact/bundle.ts';
import type { Trainable, TrainableOptions } from '../../runtime/bundle/fit/trainable.ts';
import type { LoadOptions, OpenModel } from '../../runtime/bundle/load.ts';
import type { Stream } from '../../runtime/bundle/stream.ts';
import type { SampleOptions } from '../../runtime/bundle/sample.ts';
import type { Precision } from '../../compiler/7-bundle/precision.ts';
import { targetOf, type TargetName } from '../../compiler/7-bundle/target.ts';
import { compileBundle } from '../../compiler/cli/bundle/compile.ts';
import { bundleFiles } from '../../compiler/cli/bundle/files.ts';
import { openBundleModel, type BundleModel } from '../../compiler/cli/bundle/open-model.ts';

export type Files = ReadonlyMap<string, string | Uint8Array>;

export interface BuildHow {
  readonly dims?: Readonly<Record<string, number>>;
  readonly init?: number;
  readonly target?: TargetName;
  readonly inline?: boolean;
  readonly backends?: readonly Backend[];
  readonly precision?: Precision;
  /** A trained model's `model.json`. */
  readonly vocabulary?: string;
  /** Whether it can be trained further. */
  readonly train?: boolean;
  /** Bytes of weights from which on products read codes. */
  readonly codesFrom?: number;
}

/** What `load` of any bundle gives; streams and samples only where the model can. */
export interface LoadedModel extends OpenModel {
  readonly stream?: (from?: Readonly<Record<string, unknown>>) => Stream;
  readonly sample?: (options?: SampleOptions) => AsyncGenerator<string, void>;
}

export type TrainableModel = LoadedModel & Trainable;

export async function modelOf(spec: string, how: BuildHow = {}): Promise<BundleModel> {
  const dim = new Map(Object.entries(how.dims ?? {}));
  const { init = 1, vocabulary, train = false } = how;
  const known = vocabulary === undefined ? {} : { vocabulary };
  return openBundleModel(spec, { dim, init, train, ...known });
}

export async function filesOf(model: BundleModel, how: BuildHow = {}): Promise<Files> {
  const { target = 'web', inline, backends, precision = 'f32', codesFrom } = how;
  const bundle = compileBundle(model, targetOf(target, inline, backends), precision, codesFrom);
  return bundleFiles(model, bundle, { sources: false });
}

/** Also what is no bundle: any files. */
export function writeFiles(files: Files): {
  readonly folder: string;
  readonly remove: () => void;
} {
  const folder = mkdtempSync(join(tmpdir(), 'gatework-bundle-'));
  for (const [name, content] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Imports the bundle of these files and loads it. */
export async function loaded(files: Files, backend?: Backend): Promise<LoadedModel> {
  return (await imported(files))(backend === undefined ? {} : { backend });
}

/** `load` of a bundle that can be trained further. */
export async function trainable(
  files: Files,
): Promise<(options?: TrainableOptions) => Promise<TrainableModel>> {
  // Whoever builds it with `train` has this.
  return (await imported(files)) as Awaited<ReturnType<typeof trainable>>;
}

async function imported(files: Files): Promise<(options: LoadOptions) => Promise<LoadedModel>> {
  const { folder, remove } = writeFiles(files);
  // Not before: the golden file is read later on.
  if (leftovers.length === 0) process.once('exit', () => leftovers.forEach((rm) => rm()));
  leftovers.push(remove);
  const address = pathToFileURL(join(folder, 'index.js')).href;
  const { load } = (await import(address)) as {
    load: (options: LoadOptions) => Promise<LoadedModel>;
  };
  return load;
}

const leftovers: (() => void)[] = [];
