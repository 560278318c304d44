/**
 * `gatework show SPEC`: layers with shapes and parameters, totals, FLOPs, memory. `--ir` prints the
 * graph, kernels or shaders instead, `--svg FILE` draws the graph. `--gradients --data FILE` draws
 * how far back gradients reach.
 */
import { Option, type Command } from 'commander';
import { adoptStates } from '../../adopt/states.ts';
import type { Model } from '../../graph/model.ts';
import { jsonCount, printPolynomial } from '../../graph/polynomial.ts';
import { gradientGraph, inferenceGraph, plainGraph } from '../../pipeline.ts';
import { UsageError } from '../failure.ts';
import { writeAside } from '../files.ts';
import {
  peakMemoryOf,
  programFor,
  shaderText,
  type PeakMemory,
  type Purpose,
} from '../kernel-programs.ts';
import { specOptions, wholeNumber, type SpecOptions } from '../options.ts';
import { print, printJson } from '../output.ts';
import { compileOpened, compileSpec, openSpec } from '../spec.ts';
import type { StepNorms } from '../step-norms.ts';
import { summarize, type ModelSummary } from '../summary.ts';
import { table } from '../table.ts';

interface ShowOptions extends SpecOptions {
  readonly ir?: GraphForm | KernelForm;
  readonly for?: Purpose;
  readonly svg?: string;
  readonly gradients?: boolean;
  readonly data?: string;
  readonly weights?: string;
  readonly compare?: readonly string[];
  readonly seed: number;
}

type GraphForm = 'graph' | 'optimized' | 'gradient';
type KernelForm = 'kernels' | 'wgsl';

export function define(command: Command): void {
  specOptions(command)
    .addOption(
      new Option(
        '--ir <which>',
        'print the graph: as elaborated, as run, or with gradients; or what runs on a GPU',
      ).choices(['graph', 'optimized', 'gradient', 'kernels', 'wgsl']),
    )
    .addOption(
      new Option('--for <what>', 'of what --ir kernels and --ir wgsl are; run if left out').choices(
        ['run', 'grad', 'train'],
      ),
    )
    .option('--svg <file>', 'draw the graph, cells inside their loops')
    .option('--gradients', 'draw the norm of dLoss_T/da<t> over t, to --svg or gradients.svg')
    .option('--data <file>', 'data for --gradients, as train takes them')
    .option('--weights <file>', 'weights for --gradients; fresh ones if left out')
    .option('--compare <spec>', 'another spec for --gradients; may be repeated', collect)
    .option('--seed <n>', 'seed of fresh weights', wholeNumber, 1)
    .action(show);
}

function collect(value: string, known: readonly string[] = []): string[] {
  return [...known, value];
}

async function show(spec: string, options: ShowOptions): Promise<void> {
  if (options.gradients === true) {
    await showGradients(spec, options);
    return;
  }
  if (options.ir === 'kernels' || options.ir === 'wgsl') {
    await showKernels(spec, options.ir, options);
    return;
  }
  if (options.for !== undefined) throw new UsageError('--for needs --ir kernels or --ir wgsl');
  const opened = openSpec(spec);
  const compiled = await compileOpened(opened, { dims: options.dim, mode: 'inference' });
  const model = adoptStates(compiled);
  if (options.svg !== undefined) await draw(compiled, options.svg);
  if (options.ir !== undefined) {
    const { printGraph } = await import('../../graph/print.ts');
    printText(printGraph(graphFor(model, options.ir)), options);
    return;
  }
  const mode = { dims: options.dim, mode: 'training', quiet: true } as const;
  const memory = peakMemoryOf(compiled, await compileOpened(opened, mode));
  const summary = summarize(model, inferenceGraph(model), memory);
  if (options.json === true) printJson({ ok: true, ...counted(summary) });
  else print(describe(summary));
}

async function showKernels(spec: string, ir: KernelForm, options: ShowOptions): Promise<void> {
  const { for: purpose = 'run', dim } = options;
  const mode = purpose === 'train' ? 'training' : 'inference';
  const program = programFor(await compileSpec(spec, { dims: dim, mode }), purpose);
  if (ir === 'wgsl') {
    printText(await shaderText(program), options);
    return;
  }
  const { printProgram } = await import('../../kernel/print-program.ts');
  printText(printProgram(program), options);
}

function printText(text: string, { ir, json }: ShowOptions): void {
  if (json === true) printJson({ ok: true, ir, text });
  else print(text);
}

/** Counts as JSON has them. */
function counted(summary: ModelSummary): object {
  return {
    ...summary,
    layers: summary.layers.map((l) => ({ ...l, parameters: jsonCount(l.parameters) })),
    parameters: jsonCount(summary.parameters),
    flopsPerStep: jsonCount(summary.flops),
    flops: undefined,
    peakMemory: countedMemory(summary.memory),
    memory: undefined,
  };
}

function countedMemory({ inference, training }: PeakMemory): object {
  return {
    inference: jsonCount(inference),
    ...(training === undefined ? {} : { training: jsonCount(training) }),
  };
}

/** Draws the norms and prints, for each state, those of a few time steps. */
async function showGradients(spec: string, options: ShowOptions): Promise<void> {
  const { data, weights, seed } = options;
  if (data === undefined) {
    throw new UsageError('--gradients needs --data FILE, as train takes it');
  }
  const { stepNorms } = await import('../step-norms.ts');
  const engine = { backend: 'interpreter', dtype: 'f64' } as const;
  const request = { data, seed, engine, dims: options.dim };
  const series = await stepNorms({
    ...request,
    spec,
    ...(weights === undefined ? {} : { weights }),
  });
  for (const other of options.compare ?? [])
    series.push(...(await stepNorms({ ...request, spec: other })));
  const file = options.svg ?? 'gradients.svg';
  const { drawStepNorms } = await import('../step-norm-picture.ts');
  writeAside(file, await drawStepNorms(series));
  if (options.json === true) printJson({ ok: true, picture: file, series });
  else print([...describeNorms(series), '', `drawn in ${file}`].join('\n'));
}

function describeNorms(series: readonly StepNorms[]): string[] {
  const rows = series.map(({ spec, state, norms }) => {
    const at = (part: number): string => {
      const norm = norms[Math.round(part * (norms.length - 1))];
      return norm === undefined ? '-' : norm.toExponential(1);
    };
    return [spec, state, at(0), at(0.25), at(0.5), at(0.75), at(1)];
  });
  return table(
    ['model', 'state', 't = 1', '¼ T', '½ T', '¾ T', 't = T'],
    rows,
    [2, 3, 4, 5, 6],
  ).split('\n');
}

function graphFor(model: Model, which: GraphForm) {
  switch (which) {
    case 'graph':
      return plainGraph(model);
    case 'optimized':
      return inferenceGraph(model);
    case 'gradient':
      return gradientGraph(model);
    default:
      return which satisfies never;
  }
}

async function draw(model: Model, file: string): Promise<void> {
  const { drawModel } = await import('../draw/draw.ts');
  writeAside(file, await drawModel(model, plainGraph(model)));
}

function describe(summary: ModelSummary): string {
  const layers = table(
    ['layer', 'what', 'output', 'parameters'],
    summary.layers.map((l) => [l.path, l.label, l.output, printPolynomial(l.parameters)]),
    [3],
  );
  const tensors = (title: string, list: ModelSummary['inputs']): string[] =>
    list.map((t, i) => `${(i === 0 ? title : '').padEnd(9)}${t.name}: ${t.element} ${t.shape}`);
  return [
    `model ${summary.model}`,
    ...tensors('inputs', summary.inputs),
    ...tensors('outputs', summary.outputs),
    ...tensors('states', summary.states),
    '',
    layers,
    '',
    `parameters           ${printPolynomial(summary.parameters)}`,
    `FLOPs per time step  ${printPolynomial(summary.flops)}`,
    ...describeMemory(summary.memory),
  ].join('\n');
}

function describeMemory({ inference, training }: PeakMemory): string[] {
  return [
    `peak memory          ${printPolynomial(inference)} bytes`,
    ...(training === undefined ? [] : [`peak in training     ${printPolynomial(training)} bytes`]),
  ];
}
