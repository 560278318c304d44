/** The functions of a program as closures, each compiled when it is first asked for. */
import type { KernelFunction } from '../artifact/kernel.ts';
import { compile, compileLanes } from './expressions.ts';
import { known, newPlace, type CompiledFunction, type Evaluate, type Scope } from './scope.ts';

export function compileFunctions(
  functions: readonly KernelFunction[],
): (name: string) => CompiledFunction {
  const compiled = new Map<string, CompiledFunction>();
  const functionNamed = (name: string): CompiledFunction => {
    const done = compiled.get(name);
    if (done !== undefined) return done;
    const found = functions.find((candidate) => candidate.name === name);
    const made = compileFunction(known(found, `function ${name}`), functionNamed);
    compiled.set(name, made);
    return made;
  };
  return functionNamed;
}

/** Each function has locals of its own: none of them calls itself, by whatever way. */
function compileFunction(
  { parameters, lets, result }: KernelFunction,
  functionNamed: (name: string) => CompiledFunction,
): CompiledFunction {
  const locals = new Float64Array(parameters.length + 4 * lets.length);
  const slots = new Map(parameters.map(({ name }, slot) => [name, slot]));
  const scope: Scope = {
    place: newPlace(locals),
    invocations: [],
    memories: new Map(),
    sizes: new Map(),
    slots,
    functionNamed,
  };
  /** By slot, those of the parameters first. */
  const values: Evaluate[] = [];
  for (const { name, value } of lets) {
    const lanes = compileLanes(scope, value);
    slots.set(name, parameters.length + values.length);
    values.push(...lanes);
  }
  const last = compile(scope, result);
  return {
    locals,
    arity: parameters.length,
    result: () => {
      for (let i = 0; i < values.length; i++) locals[parameters.length + i] = values[i]?.() ?? 0;
      return last();
    },
  };
}
