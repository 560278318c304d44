/** Kernels of a program that have a part in a result, with what they tell of themselves. */
import { allSteps, type Dispatch, type Program } from '../../../runtime/artifact/program.ts';
import type { Statement } from '../../../runtime/artifact/kernel.ts';
import { present } from '../../base/bug.ts';
import { visitStatements } from '../../kernel/walk.ts';

export interface KernelTrace {
  readonly name: string;
  /** Of the dispatch: `std/lstm.gate:7:13 lstm`. */
  readonly origin?: string;
  /** Lines of the spec that it computes, with their text where it is known. */
  readonly lines: readonly string[];
}

/**
 * Those that write the result's memory, and those that packed what these multiply, in the order of
 * their dispatches.
 */
export function writersOf(program: Program, result: string): readonly KernelTrace[] {
  const dispatches = allSteps(program).flatMap((s) => (s.kind === 'repeat' ? s.body : [s]));
  const tensor = program.results.find((r) => r.name === result)?.tensor;
  const writers = dispatches.filter((d) => writes(program, d).has(tensor ?? -1));
  const packed = new Set(
    writers.flatMap(({ tensors }) => tensors.filter((t) => isPack(program, t))),
  );
  const suppliers = dispatches.filter((d) => [...writes(program, d)].some((t) => packed.has(t)));
  const traces = new Map<string, KernelTrace>();
  for (const dispatch of dispatches) {
    if (!writers.includes(dispatch) && !suppliers.includes(dispatch)) continue;
    const trace = traceOf(program, dispatch);
    traces.set(trace.name, trace);
  }
  return [...traces.values()];
}

/** Tensors, by position. */
function writes({ kernels }: Program, { kernel, tensors }: Dispatch): ReadonlySet<number> {
  const buffers = kernels[kernel]?.buffers ?? [];
  return new Set(tensors.filter((_, i) => buffers[i]?.access !== 'read'));
}

/** Copies that no value of the graph stands for (5-schedule/packs.ts). */
function isPack({ tensors }: Program, position: number): boolean {
  return /\.(?:panel|rows)(?:\.\d+)?$/.test(tensors[position]?.name ?? '');
}

function traceOf({ kernels }: Program, { kernel, origin }: Dispatch): KernelTrace {
  const { name, body } = present(kernels[kernel], 'a kernel');
  const lines = [...new Set(commentsOf(body))];
  return { name, ...(origin === undefined ? {} : { origin }), lines };
}

function commentsOf(body: readonly Statement[]): string[] {
  const texts: string[] = [];
  visitStatements(body, {
    statement: (s) => {
      if (s.kind === 'comment') texts.push(s.text);
    },
  });
  return texts;
}
