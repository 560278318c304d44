/** `gatework build SPEC --weights W -o DIR`: a model as a module that runs everywhere. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { gzipSync } from 'node:zlib';
import type { Backend } from '../../../runtime/artifact/bundle.ts';
import { precisions, type Precision } from '../../7-bundle/precision.ts';
import { allBackends, targetNames, targetOf, type TargetName } from '../../7-bundle/target.ts';
import { compileBundle } from '../bundle/compile.ts';
import { qualityRow, type Quality } from '../../7-bundle/quality.ts';
import { bundleFiles } from '../bundle/files.ts';
import { measureQuality } from '../bundle/measure-quality.ts';
import { openBundleModel } from '../bundle/open-model.ts';
import { checkFree, writeBundle } from '../bundle/write-bundle.ts';
import { UsageError } from '../failure.ts';
import { specOptions, wholeNumber, type SpecOptions } from '../options.ts';
import { print, printJson } from '../output.ts';
import { progressLine } from '../progress-line.ts';
import { table } from '../table.ts';
import { readData, type DataFile } from '../training/data-file.ts';

interface BuildOptions extends SpecOptions {
  readonly out: string;
  readonly weights?: string;
  readonly init?: number;
  readonly vocabulary?: string;
  readonly target: TargetName;
  readonly inline?: boolean;
  readonly backends: readonly Backend[];
  readonly precision: Precision;
  readonly data?: string;
  readonly sources?: boolean;
  readonly train?: boolean;
  readonly license?: string;
}

export function define(command: Command): void {
  specOptions(command)
    .requiredOption('-o, --out <dir>', 'folder of the bundle; an older bundle gives way')
    .option('--weights <file>', 'safetensors; those of the folder if SPEC is a trained model')
    .addOption(
      new Option('--init <seed>', 'initial weights from a seed, instead of --weights')
        .argParser(wholeNumber)
        .conflicts('weights'),
    )
    .option('--vocabulary <file>', "a trained model's model.json: its words and labels")
    .addOption(
      new Option('--target <name>', 'where it is to run').choices(targetNames).default('web'),
    )
    .option('--inline', 'weights and code in one file')
    .addOption(
      new Option('--backends <names>', 'those that it carries')
        .argParser(backendNames)
        .default(allBackends, allBackends.join(',')),
    )
    .addOption(
      new Option('--precision <type>', 'of the stored weights').choices(precisions).default('f32'),
    )
    .option('--data <path>', 'measure on it what --precision costs; as `eval` takes it')
    .option('--train', 'with fit(): it can be trained further where it runs')
    .option('--sources', 'with what its modules were made from')
    .option('--license <name>', "of the model, such as MIT: for the model's card")
    .action(build);
}

async function build(spec: string, options: BuildOptions): Promise<void> {
  const { out, target, inline, backends, precision, sources = false, license } = options;
  if (options.train === true && precision === 'int8') {
    throw new UsageError('--train needs --precision f32 or f16: codes take no small steps');
  }
  checkFree(out);
  const data = dataOf(options);
  const progress = progressLine();
  progress.update('compiling');
  const model = await openBundleModel(spec, options);
  const bundle = compileBundle(model, targetOf(target, inline, backends), precision);
  progress.update(data === undefined ? 'writing modules' : 'measuring');
  const quality =
    data === undefined ? undefined : await measureQuality(model, bundle.weights.held, data);
  const licensed = license === undefined ? {} : { license };
  const measured = quality === undefined ? {} : { quality };
  const files = await bundleFiles(model, bundle, { sources, ...licensed, ...measured });
  writeBundle(out, files);
  progress.clear();
  const sizes = [...files].map(([name, content]) => ({
    name,
    bytes: Buffer.byteLength(content),
    gzip: gzipSync(content, { level: 9 }).length,
  }));
  if (options.json === true) {
    printJson({ ok: true, model: model.model.name, out, ...measured, files: sizes });
    return;
  }
  if (quality !== undefined) print(`${describeQuality(quality, precision)}\n`);
  print(describe(out, sizes));
}

/** Faults: a usage error where nothing is to be compared. */
function dataOf({ data, precision }: BuildOptions): DataFile | undefined {
  if (data === undefined) return undefined;
  if (precision !== 'f32') return readData(data);
  throw new UsageError('--data compares with f32: give --precision f16 or int8');
}

function describeQuality({ tokens, measures }: Quality, precision: Precision): string {
  const head = ['measure', 'f32', precision, 'change'];
  return `${table(head, measures.map(qualityRow), [1, 2, 3])}\n\nover ${count(tokens)} tokens`;
}

interface FileSize {
  readonly name: string;
  readonly bytes: number;
  readonly gzip: number;
}

function describe(out: string, sizes: readonly FileSize[]): string {
  const rows = sizes.map(({ name, bytes, gzip }) => [name, count(bytes), count(gzip)]);
  const code = sizes.filter(({ name }) => /^[^/]*\.(js|wasm)$/.test(name));
  const gzip = code.reduce((sum, size) => sum + size.gzip, 0);
  return `${table(['file', 'bytes', 'gzip'], rows, [1, 2])}\n\n${out}: ${count(gzip)} bytes of code, gzipped`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function backendNames(text: string): readonly Backend[] {
  const names = text.split(',').map((name) => name.trim());
  return names.map((name) => {
    const found = allBackends.find((backend) => backend === name);
    if (found !== undefined) return found;
    throw new InvalidArgumentError(`expected names of ${allBackends.join(', ')}.`);
  });
}
