/**
 * Gatework itself, from the text of a spec on: compiled to a WebAssembly module, as the command
 * line does it. Calls go through a session: inputs written and results read in place, one call of
 * the module each.
 */
import { emitWasm } from '../../../compiler/6-emit/wasm/emit.ts';
import { nodeWorker } from '../../../compiler/cli/wasm/node-worker.ts';
import { allowRelaxedSimd } from '../../../compiler/cli/wasm/relaxed.ts';
import { idRanges, kernelProgram } from '../../../compiler/pipeline.ts';
import type { Program } from '../../../runtime/artifact/program.ts';
import { formOf, wasmFeatures } from '../../../runtime/wasm/features.ts';
import { layOutMemory } from '../../../runtime/linear/layout.ts';
import type { LinearSession } from '../../../runtime/linear/session.ts';
import { openThreads } from '../../../runtime/wasm/threads.ts';
import { WasmExecutable } from '../../../runtime/wasm/wasm-executable.ts';
import { bindingsOf, compileWorkload, givenTo, type CompiledWorkload } from '../workloads/graph.ts';
import type { Call, Opened, Task } from './peer.ts';

/** What its memory takes, beside what the other peers tell. */
export interface OpenedGatework extends Opened {
  readonly plannedBytes: number;
  readonly allocatedBytes: number;
  close(): void;
}

export async function gatework(task: Task): Promise<OpenedGatework> {
  allowRelaxedSimd();
  const { workload, sizes, threads } = task;
  const compiled = compileWorkload(workload, 'kernels');
  const program = programOf(compiled);
  const form = formOf(wasmFeatures());
  const pool = await openThreads(threads, nodeWorker);
  if (threads > 1 && pool === undefined) throw new Error('there is only one thread here');
  const module = emitWasm(program, { form, threads: pool !== undefined, profile: false });
  const shared = pool === undefined ? {} : { pool };
  const executable = await WasmExecutable.create({ program, module, ...shared });
  const bindings = bindingsOf(sizes);
  const session = await executable.session(bindings);
  return {
    about: `Gatework, ${form}`,
    call: callOf(session, compiled, task),
    plannedBytes: layOutMemory(program, bindings, threads).bytes,
    allocatedBytes: executable.allocatedBytes,
    close: () => {
      executable.close();
      pool?.close();
    },
  };
}

function programOf({ graph, model, feeds, workload }: CompiledWorkload): Program {
  return kernelProgram(graph, {
    ids: idRanges(model),
    // What stays as it is has no next value.
    feeds: new Map([...feeds].filter(([name, from]) => name !== from)),
    device: 'simd',
    // In training, weights have other values at each step.
    prepare: workload.mode !== 'train',
  });
}

function callOf(session: LinearSession, compiled: CompiledWorkload, task: Task): Call {
  const given = givenTo(compiled, task.arrays, task.sizes);
  for (const [name, { data }] of given.kept) session.view(name).set(data);
  session.carry(new Map([...compiled.feeds].filter(([name, from]) => name !== from)));
  session.prepare();
  const turns = Array.from({ length: given.turns }, (_, turn) =>
    [...given.inputs(turn)].map(([name, { data }]) => ({ data, view: session.view(name) })),
  );
  const step = compiled.workload.mode === 'train' ? session.view('step') : undefined;
  const wanted = session.view(compiled.wanted);
  const result = wanted.slice();
  let calls = 0;
  return () => {
    const inputs = turns[calls++ % turns.length] ?? [];
    for (const { view, data } of inputs) view.set(data);
    if (step !== undefined) step[0] = calls;
    session.run();
    result.set(wanted);
    return result;
  };
}
