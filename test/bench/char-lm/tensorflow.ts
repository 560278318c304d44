/**
 * What the bench uses of TensorFlow.js, which it takes as the two scripts that TensorFlow.js
 * publishes for pages, and not as a module: so the bench can be read and checked without it.
 */
export interface Tensor {
  matMul(other: Tensor): Tensor;
  add(other: Tensor): Tensor;
  reshape(shape: readonly number[]): Tensor;
  data(): Promise<Float32Array>;
  dispose(): void;
}

export interface LayersModel {
  add(layer: object): void;
  compile(options: { readonly optimizer: Optimizer; readonly loss: string }): void;
  setWeights(weights: readonly Tensor[]): void;
  trainOnBatch(x: Tensor, y: Tensor): Promise<number>;
  fit(
    x: Tensor,
    y: Tensor,
    options: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly history: { readonly loss: readonly number[] } }>;
}

export interface Optimizer {
  minimize(loss: () => Tensor, returnCost: true): Tensor;
  applyGradients(gradients: Readonly<Record<string, Tensor>>): void;
}

export interface TensorFlow {
  readonly version: Readonly<Record<string, string>>;
  readonly train: { adam(rate: number): Optimizer };
  readonly losses: { softmaxCrossEntropy(labels: Tensor, logits: Tensor): Tensor };
  readonly layers: {
    lstm(options: object): object;
    dense(options: object): object;
  };
  env(): { set(flag: string, value: number): void };
  setBackend(name: string): Promise<boolean>;
  backend(): { readonly device?: GPUDevice };
  sequential(): LayersModel;
  tensor(values: Float32Array | Int32Array, shape: readonly number[], dtype?: string): Tensor;
  variable(initial: Tensor): Tensor;
  zeros(shape: readonly number[]): Tensor;
  scalar(value: number): Tensor;
  oneHot(ids: Tensor, depth: number): Tensor;
  cast(x: Tensor, dtype: string): Tensor;
  unstack(x: Tensor, axis: number): Tensor[];
  stack(xs: readonly Tensor[], axis: number): Tensor;
  basicLSTMCell(
    forgetBias: Tensor,
    kernel: Tensor,
    bias: Tensor,
    x: Tensor,
    c: Tensor,
    h: Tensor,
  ): [Tensor, Tensor];
  tidy<T>(body: () => T): T;
  variableGrads(loss: () => Tensor): {
    readonly value: Tensor;
    readonly grads: Readonly<Record<string, Tensor>>;
  };
}

/** Loads both scripts from the page's own server. */
export async function loadTensorFlow(): Promise<TensorFlow> {
  for (const path of ['/tf.min.js', '/tf-backend-webgpu.min.js']) await import(path);
  const { tf } = globalThis as { readonly tf?: TensorFlow };
  if (tf === undefined) throw new Error('/tf.min.js defined no tf');
  return tf;
}
