/**
 * The inputs of a run of a program, checked whole before anything is written or dispatched, and the
 * values of the program's symbols that follow from them.
 */
import { bindInputs, checkBound, type ArrayForm } from '../artifact/bind.ts';
import { RuntimeFault } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import type { Program } from '../artifact/program.ts';
import type { Bindings } from '../artifact/size.ts';
import { checkIds } from './check-ids.ts';

/**
 * `kept` are the parameters that stay from run to run, of which only the form is looked at; `given`
 * binds symbols that no shape determines. Faults are those of `bindInputs`, `checkBound` and
 * `checkIds`; R7004 also for an input that is kept.
 */
export function bindProgram(
  program: Program,
  inputs: ReadonlyMap<string, NdArray>,
  kept: ReadonlyMap<string, ArrayForm>,
  given: Bindings,
): Bindings {
  for (const name of inputs.keys()) {
    if (kept.has(name)) {
      throw new RuntimeFault('R7004', `${name} is kept from run to run; it is no input of one run`);
    }
  }
  const bindings = bindInputs(program.parameters, new Map([...kept, ...inputs]), given);
  checkBound(program.symbols, bindings);
  checkIds(program.parameters, inputs, bindings);
  return bindings;
}
