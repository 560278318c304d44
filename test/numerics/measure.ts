/**
 * Measures the accuracy record: `npx tsx test/numerics/measure.ts [--only exp,tanh] [--minutes M]`
 * writes `measured/*.json` and specs/numerics.md. Subjects whose record is fresh are skipped, and
 * one that is stopped (Ctrl-C, --minutes) goes on where it was. With `--stride N` a quick look at
 * every Nth number, printed and not written; with `--page` the page alone is written anew.
 */
import { parseArgs } from 'node:util';
import { hasRelaxedForm, onWasm, onWebgpu, openGpu, type Gpu, type RunBlock } from './backends.ts';
import { drawnPairs, everyWord, type Inputs } from './inputs.ts';
import { measure, newProgress, type Progress } from './measurement.ts';
import { pageOf } from './page.ts';
import * as record from './record.ts';
import { binarySubjects, formulaHash, unarySubjects, type Subject } from './subjects.ts';
import { measureSums } from './sums.ts';
import { required } from '../support/op-runs.ts';

const blockLength = 2 ** 20;
/** Blocks of drawn pairs: on Wasm 67 million, on a device in software, which is slow, 4 million. */
const pairBlocks = { wasm: 64, webgpu: 4 };
/** Odd, so that all low digits occur: 17 million numbers. */
const webgpuStride = 257;
const checkpointEvery = 32;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    minutes: { type: 'string' },
    stride: { type: 'string' },
    page: { type: 'boolean', default: false },
  },
});
const all = [...unarySubjects, ...binarySubjects];
const names = [...all.map(({ name }) => name), 'sums'];
const chosen = options.page ? [] : (options.only?.split(',') ?? names);
const unknown = chosen.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`no such subject: ${unknown.join(', ')}; there are ${names.join(', ')}\n`);
  process.exit(2);
}
const subjects = all.filter(({ name }) => chosen.includes(name));
const end = Date.now() + Number(options.minutes ?? Infinity) * 60_000;
let stopped = false;
process.on('SIGINT', () => {
  stopped = true;
});

class Stopped extends Error {}

try {
  if (options.stride !== undefined) await look(Number(options.stride));
  else await writeAll();
} catch (error) {
  if (!(error instanceof Stopped)) throw error;
  process.stderr.write('\nStopped; the same command goes on from here.\n');
  process.exitCode = 130;
}
process.exit();

async function look(stride: number): Promise<void> {
  for (const subject of subjects) {
    const inputs = inputsOf(subject, stride, 1);
    const backends = await wasmBackends(subject, inputs.length);
    const progress = newProgress(backends.keys());
    await measure(subject, inputs, backends, progress);
    console.log(`${subject.name} ${JSON.stringify(progress.tallies, null, 2)}`);
  }
}

async function writeAll(): Promise<void> {
  const gpu = options.page ? undefined : await gpuIfAny();
  for (const subject of subjects) await writeOne(subject, gpu);
  if (chosen.includes('sums')) {
    const tell = (line: string): boolean => process.stderr.write(`${line}\n`);
    record.writeSums(await measureSums(gpu, { tell }));
  }
  record.writeWhole(record.pageFile, pageOf());
}

async function writeOne(subject: Subject, gpu: Gpu | undefined): Promise<void> {
  const formula = formulaHash(subject);
  const known = record.readRecord(subject);
  const fresh = known?.formula === formula ? known : undefined;
  const onHost = fresh ?? { subject: subject.name, formula, ...(await measureOnWasm(subject)) };
  record.writeRecord(subject, onHost);
  const { webgpu = [] } = onHost;
  if (gpu === undefined || webgpu.some(({ adapter }) => adapter === gpu.description)) return;
  const measured = await measureOnWebgpu(gpu, subject);
  record.writeRecord(subject, { ...onHost, webgpu: [...webgpu, measured] });
}

async function measureOnWasm(
  subject: Subject,
): Promise<Pick<record.SubjectRecord, 'exact' | 'wasm'>> {
  const inputs = inputsOf(subject, 1, pairBlocks.wasm);
  const backends = await wasmBackends(subject, inputs.length);
  const { exact, tallies } = await completed(subject, 'wasm', inputs, backends);
  const simd = required(tallies.simd);
  // Where it is the same module, so are its results.
  const wasm = { inputs: inputs.blocks * inputs.length, simd, relaxed: tallies.relaxed ?? simd };
  return { exact, wasm };
}

async function measureOnWebgpu(gpu: Gpu, subject: Subject): Promise<record.WebgpuRecord> {
  const inputs = inputsOf(subject, webgpuStride, pairBlocks.webgpu);
  const backends = new Map([['webgpu', await onWebgpu(gpu, subject, inputs.length)]]);
  const { tallies } = await completed(subject, 'webgpu', inputs, backends);
  return {
    adapter: gpu.description,
    ...(subject.arity === 1 ? { stride: webgpuStride } : {}),
    tally: required(tallies.webgpu),
  };
}

/** Goes on with what is left of it; throws Stopped, with what is done laid aside. */
async function completed(
  subject: Subject,
  part: string,
  inputs: Inputs,
  backends: ReadonlyMap<string, RunBlock>,
): Promise<Progress> {
  const formula = formulaHash(subject);
  const name = `${subject.name} ${part}`;
  const progress = record.readCheckpoint(name, formula) ?? newProgress(backends.keys());
  await measure(subject, inputs, backends, progress, ({ next }) => {
    const isLast = next === inputs.blocks;
    if (next % checkpointEvery === 0 || isLast || mustStop()) {
      record.writeCheckpoint(name, { formula, progress });
      process.stderr.write(`\r${name}: ${((100 * next) / inputs.blocks).toFixed(1)} %  `);
    }
    return !mustStop();
  });
  if (progress.next < inputs.blocks) throw new Stopped();
  process.stderr.write('\n');
  record.removeCheckpoint(name);
  return progress;
}

function mustStop(): boolean {
  return stopped || Date.now() > end;
}

function inputsOf({ arity }: Subject, stride: number, blocks: number): Inputs {
  return arity === 1 ? everyWord(stride, blockLength) : drawnPairs(blocks, blockLength);
}

async function wasmBackends(subject: Subject, length: number): Promise<Map<string, RunBlock>> {
  const simd = new Map([['simd', await onWasm(subject, length, 'simd')]]);
  if (!hasRelaxedForm(subject, length)) return simd;
  return simd.set('relaxed', await onWasm(subject, length, 'relaxed'));
}

async function gpuIfAny(): Promise<Gpu | undefined> {
  try {
    const gpu = await openGpu();
    process.stderr.write(`webgpu: ${gpu.description}\n`);
    return gpu;
  } catch (error) {
    process.stderr.write(`webgpu is not measured: ${String(error)}\n`);
    return undefined;
  }
}
