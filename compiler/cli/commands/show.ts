/**
 * `gatework show SPEC`: layers with shapes and parameters, totals, FLOPs. `--ir` prints the graph
 * instead, `--svg FILE` draws it.
 */
import { Option, type Command } from 'commander';
import type { Model } from '../../graph/model.ts';
import { gradientGraph, inferenceGraph, plainGraph } from '../../pipeline.ts';
import { writeAside } from '../files.ts';
import { specOptions, type SpecOptions } from '../options.ts';
import { print, printJson } from '../output.ts';
import { compileSpec } from '../spec.ts';
import { summarize, type ModelSummary } from '../summary.ts';
import { table } from '../table.ts';

interface ShowOptions extends SpecOptions {
  readonly ir?: 'graph' | 'optimized' | 'gradient';
  readonly svg?: string;
}

export function define(command: Command): void {
  specOptions(command)
    .addOption(
      new Option(
        '--ir <which>',
        'print the graph: as elaborated, as run, or with gradients',
      ).choices(['graph', 'optimized', 'gradient']),
    )
    .option('--svg <file>', 'draw the graph, cells inside their loops')
    .action(show);
}

async function show(spec: string, options: ShowOptions): Promise<void> {
  const model = await compileSpec(spec, { dims: options.dim, mode: 'inference' });
  if (options.svg !== undefined) await draw(model, options.svg);
  if (options.ir !== undefined) {
    const { printGraph } = await import('../../graph/print.ts');
    const text = printGraph(graphFor(model, options.ir));
    if (options.json === true) printJson({ ok: true, ir: options.ir, text });
    else print(text);
    return;
  }
  const summary = summarize(model, inferenceGraph(model));
  if (options.json === true) printJson({ ok: true, ...summary });
  else print(describe(summary));
}

function graphFor(model: Model, which: 'graph' | 'optimized' | 'gradient') {
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
    summary.layers.map((l) => [l.path, l.label, l.output, l.parameters]),
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
    `parameters           ${summary.parameters}`,
    `FLOPs per time step  ${summary.flops}`,
  ].join('\n');
}
