/**
 * The public door of the compiler: text to a model, a model to graphs, graphs on the interpreter,
 * and weights under the names that they come with. What is not exported here may change.
 */
export { adoptStates } from './adopt/states.ts';
export { adoptWeights, type Adoption, type WeightFormat } from './adopt/weights.ts';
export { printFile } from './ast/print.ts';
export { CompilerBug } from './base/bug.ts';
export type { SourceText, Span } from './base/source.ts';
export type { Diagnostic, Label } from './diagnostics/diagnostic.ts';
export { toJson, type JsonDiagnostic } from './diagnostics/json.ts';
export { renderDiagnostic, renderDiagnostics } from './diagnostics/render.ts';
export type { Bindings, Dim, Shape } from './graph/dim.ts';
export type { Model, ModelInput, ModelOutput, ModelState, ModelWeight } from './graph/model.ts';
export { printGraph } from './graph/print.ts';
export { readGraph } from './graph/read.ts';
export type { Graph, TensorType } from './graph/types.ts';
export { Interpreter, interpret, type InterpretOptions } from './interpret/interpret.ts';
export {
  compile,
  gradientGraph,
  inferenceGraph,
  optimized,
  parseSource,
  trainingGraph,
  type Compiled,
  type CompileOptions,
} from './pipeline.ts';
