/**
 * The public door of the runtime: tensors, text and training, over any program that answers to
 * `Executable`. It imports nothing of the compiler and no package, and runs in a browser too.
 */
export { RuntimeFault, type Executable, type KeptState } from './artifact/executable.ts';
export type { NdArray } from './artifact/nd-array.ts';
export { fromNdArrays, toNdArrays } from './tensors/convert.ts';
export {
  readSafetensors,
  writeSafetensors,
  type StoredTensor,
  type TensorFile,
} from './tensors/safetensors.ts';
export { Labels } from './text/labels.ts';
export { drawToken, type SamplingOptions } from './text/sampling.ts';
export { joinTokens, tokenize, type TokenKind } from './text/tokenize.ts';
export { Vocabulary, type VocabularyOptions } from './text/vocabulary.ts';
export {
  exampleBatches,
  fixedBatch,
  type Batch,
  type BatchSource,
  type Example,
  type Field,
} from './train/batches.ts';
export { evaluate, type Evaluation } from './train/evaluate.ts';
export { initialize, type WeightInitializer } from './train/initialize.ts';
export { train } from './train/loop.ts';
export { MemoryStore, type Store } from './train/store.ts';
export { streamBatches } from './train/stream.ts';
export type { Reopened, TrainOptions, TrainProgress, TrainResult } from './train/train-options.ts';
export type { TrainingProgram } from './artifact/training.ts';
