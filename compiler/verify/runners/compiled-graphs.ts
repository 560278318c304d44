/**
 * What a backend made of graphs: one executable for each, kept until it is closed. Batch, time and
 * whatever else the inputs tell stay open in a program; only symbols that no input tells are bound
 * for good, so that a graph is compiled again where those change.
 */
import type { Executable } from '../../../runtime/artifact/executable.ts';
import type { Bindings } from '../../graph/dim.ts';
import type { Graph } from '../../graph/types.ts';
import { idRanges, type KernelOptions } from '../../pipeline.ts';
import type { GraphJob } from '../runner.ts';

/** What every device's program of a job is made with. */
export function programOptions({ model, feeds }: GraphJob): KernelOptions {
  return { ids: idRanges(model), ...(feeds === undefined ? {} : { feeds }) };
}

type Compile = (job: GraphJob, untold: Bindings) => Promise<Executable>;

export class CompiledGraphs {
  private readonly compile: Compile;
  private readonly made = new Map<Graph, Map<string, Promise<Executable>>>();

  constructor(compile: Compile) {
    this.compile = compile;
  }

  of(job: GraphJob): Promise<Executable> {
    const known = this.made.get(job.graph) ?? new Map<string, Promise<Executable>>();
    this.made.set(job.graph, known);
    const untold = untoldBy(job);
    const key = [...untold].map(([name, size]) => `${name}=${size}`).join();
    const found = known.get(key) ?? this.compile(job, untold);
    known.set(key, found);
    return found;
  }

  close(): void {
    for (const executable of [...this.made.values()].flatMap((known) => [...known.values()])) {
      // One that could not be made has nothing to free; whoever asked for it has heard why.
      executable.then((e) => e.close?.()).catch(() => undefined);
    }
    this.made.clear();
  }
}

/** The bindings of symbols that stand alone in no parameter's shape. */
export function untoldBy({ graph, bindings }: GraphJob): Bindings {
  const told = new Set(
    graph.parameters
      .flatMap(({ value }) =>
        value.type.shape.flatMap(({ terms }) => (terms.length === 1 ? terms : [])),
      )
      .map((term) => term.symbol),
  );
  return new Map([...bindings].filter(([name]) => !told.has(name)));
}
