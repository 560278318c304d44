/** What the bench uses of TensorFlow.js in Node, so that it can be checked without the package. */
export interface Tensor {
  readonly shape: readonly number[];
  matMul(other: Tensor): Tensor;
  add(other: Tensor): Tensor;
  sub(other: Tensor): Tensor;
  mul(other: Tensor | number): Tensor;
  div(other: Tensor): Tensor;
  sigmoid(): Tensor;
  tanh(): Tensor;
  square(): Tensor;
  sum(): Tensor;
  sqrt(): Tensor;
  softmax(): Tensor;
  reshape(shape: readonly number[]): Tensor;
  transpose(axes?: readonly number[]): Tensor;
  slice(begin: readonly number[], size: readonly number[]): Tensor;
  dataSync(): Float32Array;
  dispose(): void;
}

export interface Variable extends Tensor {
  readonly name: string;
}

export interface TensorFlow {
  setBackend(name: string): Promise<boolean>;
  tensor(
    values: Float32Array | Int32Array,
    shape: readonly number[],
    dtype?: 'float32' | 'int32',
  ): Tensor;
  scalar(value: number): Tensor;
  zeros(shape: readonly number[]): Tensor;
  variable(initial: Tensor): Variable;
  concat(xs: readonly Tensor[], axis: number): Tensor;
  stack(xs: readonly Tensor[], axis: number): Tensor;
  unstack(x: Tensor, axis: number): Tensor[];
  split(x: Tensor, sizes: number | readonly number[], axis: number): Tensor[];
  minimum(x: Tensor, y: Tensor): Tensor;
  oneHot(ids: Tensor, depth: number): Tensor;
  cast(x: Tensor, dtype: 'float32'): Tensor;
  basicLSTMCell(
    forgetBias: Tensor,
    kernel: Tensor,
    bias: Tensor,
    x: Tensor,
    c: Tensor,
    h: Tensor,
  ): [Tensor, Tensor];
  tidy<T>(body: () => T): T;
  customGrad(
    f: (
      x: Tensor,
      y: Tensor,
      save: (kept: Tensor[]) => void,
    ) => {
      readonly value: Tensor;
      readonly gradFunc: (dy: Tensor, saved: Tensor[]) => Tensor[];
    },
  ): (x: Tensor, y: Tensor) => Tensor;
  variableGrads(loss: () => Tensor): {
    readonly value: Tensor;
    readonly grads: Readonly<Record<string, Tensor>>;
  };
  readonly losses: { softmaxCrossEntropy(labels: Tensor, logits: Tensor): Tensor };
  readonly train: {
    adam(
      rate: number,
      beta1: number,
      beta2: number,
      epsilon: number,
    ): { applyGradients(gradients: Readonly<Record<string, Tensor>>): void };
  };
}
