/** Who is to blame, as facts and in a few sentences. */
import { printInstruction } from '../../graph/print.ts';
import { scanParts } from '../../graph/scan.ts';
import type { Instruction } from '../../graph/types.ts';
import type { Departure } from './departures.ts';
import type { KernelTrace } from './kernels.ts';
import type { Probe } from './probes.ts';

/**
 * `passes` are what comes before the schedule; `runtime` is what runs emitted code: memory,
 * threads, the device.
 */
export type CulpritPhase = 'passes' | 'schedule' | 'emitter' | 'runtime' | 'interpreter';

export interface CulpritFacts {
  /** Undefined where nothing is wrong: the fault did not show again. */
  readonly phase: CulpritPhase | undefined;
  /** The first value that is off. */
  readonly first: Departure | undefined;
  /** Values before it that can't be looked at: giving them out hides the fault. */
  readonly hidden: readonly Probe[];
  /** Kernels of the wrong program that compute it. */
  readonly kernels: readonly KernelTrace[];
  /** Why a runner gave no numbers at all. */
  readonly fault?: string;
}

export function tellCulprit(facts: CulpritFacts, runner: string): string {
  const { phase, first, hidden, kernels, fault } = facts;
  if (phase === undefined) return `${runner} agrees with the oracle: the fault did not show again.`;
  const parts = [`${blame[phase]}.`];
  if (fault !== undefined) parts.push(`${runner} gave no numbers: ${fault}`);
  if (first !== undefined) parts.push(tellFirst(first));
  if (hidden.length > 0) parts.push(tellHidden(hidden));
  if (kernels.length > 0) parts.push(tellKernels(kernels));
  return parts.join('\n');
}

const blame: Readonly<Record<CulpritPhase, string>> = {
  passes: 'The passes are at fault: the graph for kernels is another than that of the spec',
  schedule: 'The schedule is at fault: the kernel interpreter is wrong on the same program',
  emitter: 'The emitter is at fault: the kernel interpreter is right on the same program',
  runtime: 'The runtime is at fault: the same program gives other bits from run to run',
  interpreter: 'The interpreter is at fault',
};

function tellFirst({ probe, element, found, expected, allowed }: Departure): string {
  const { instruction, loop, value, name } = probe;
  const called = name.startsWith('probe/') ? `%${value.id}` : name;
  const step = loop === undefined ? '' : `, ${tellStep(loop, element[1] ?? 0)}`;
  const number = `[${element.join(', ')}] is ${short(found, 9)}, not ${short(expected, 9)}, give or take ${short(allowed, 2)}`;
  return [
    `The first to depart is ${instruction.op}, ${called}${tellOrigin(instruction)}${step}:`,
    `${number}.`,
    `  ${firstLine(instruction)}`,
  ].join('\n');
}

function tellStep(loop: Instruction, step: number): string {
  const { reverse, body } = scanParts(loop);
  return `time step ${step} of ${reverse ? 'the reversed loop' : 'the loop'} ${body.name}`;
}

function tellOrigin({ origin }: Instruction): string {
  if (origin === undefined) return '';
  const { source, line, column, layer } = origin;
  return ` (${source}:${line}:${column}${layer === undefined ? '' : `, layer ${layer}`})`;
}

function tellHidden(hidden: readonly Probe[]): string {
  const ops = [...new Set(hidden.map((p) => p.instruction.op))];
  return `It shows only where this is computed together with what it reads: ${ops.join(', ')}.`;
}

function tellKernels(kernels: readonly KernelTrace[]): string {
  return kernels
    .map(({ name, lines }) => [`Kernel ${name}`, ...lines.map((line) => `  ${line}`)].join('\n'))
    .join('\n');
}

function short(value: number, digits: number): string {
  return String(Number(value.toPrecision(digits)));
}

/** A scan is printed with its body, which is too much. */
function firstLine(instruction: Instruction): string {
  return printInstruction(instruction).split('\n')[0] ?? '';
}
