/** A graph on the interpreter, with the looks at ids and lengths that every other backend takes. */
import { bindInputs } from '../../runtime/artifact/bind.ts';
import type { Executable } from '../../runtime/artifact/executable.ts';
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import type { IdRange } from '../../runtime/artifact/program.ts';
import { checkIds } from '../../runtime/session/check-ids.ts';
import { CompilerBug } from '../base/bug.ts';
import type { Graph } from '../graph/types.ts';
import { Interpreter, type InterpretOptions } from '../interpret/interpret.ts';

/** Faults of a run: those of `bindInputs` and of `checkIds`. */
export function loadInterpreter(
  graph: Graph,
  options: InterpretOptions,
  ranges: ReadonlyMap<string, IdRange>,
): Executable {
  const interpreter = new Interpreter(graph, options);
  const parameters = graph.parameters.map(({ name, role, value: { type } }) => {
    if (role === 'local') throw new CompilerBug('interpreter', `${name} is local at the top level`);
    const ids = ranges.get(name);
    return { name, role, ...type, ...(ids === undefined ? {} : { ids }) };
  });
  return {
    run: async (inputs: ReadonlyMap<string, NdArray>) => {
      const bindings = bindInputs(parameters, inputs, options.bindings ?? new Map());
      checkIds(parameters, inputs, bindings);
      return interpreter.run(inputs);
    },
  };
}
