/** What the bench uses of jax-js, so that it can be checked without the package. */
export interface JaxArray {
  /** Another reference to it: an operation uses up one of each operand. */
  readonly ref: JaxArray;
  readonly shape: readonly number[];
  add(other: JaxArray | number): JaxArray;
  sub(other: JaxArray | number): JaxArray;
  mul(other: JaxArray | number): JaxArray;
  div(other: JaxArray | number): JaxArray;
  reshape(shape: readonly number[]): JaxArray;
  slice(...index: readonly (number | readonly [] | readonly [number, number])[]): JaxArray;
  dataSync(): Float32Array;
}

/** Arrays in objects and lists. */
export type JaxTree = JaxArray | readonly JaxTree[] | { readonly [key: string]: JaxTree };

export interface Jax {
  init(device: string): Promise<readonly string[]>;
  defaultDevice(device: string): void;
  jit<Given extends unknown[], Result>(f: (...given: Given) => Result): (...given: Given) => Result;
  /** By the first argument. */
  valueAndGrad<First, Rest extends unknown[]>(
    f: (first: First, ...rest: Rest) => JaxArray,
  ): (first: First, ...rest: Rest) => [JaxArray, First];
  readonly tree: {
    ref<Tree>(tree: Tree): Tree;
    leaves(tree: unknown): JaxArray[];
    map<Tree>(f: (...leaves: JaxArray[]) => JaxArray, tree: Tree, ...others: Tree[]): Tree;
  };
  readonly numpy: {
    readonly int32: unknown;
    array(values: Float32Array | Int32Array, options?: { readonly dtype: unknown }): JaxArray;
    zeros(shape: readonly number[]): JaxArray;
    zerosLike(x: JaxArray): JaxArray;
    matmul(x: JaxArray, y: JaxArray): JaxArray;
    transpose(x: JaxArray, axes?: readonly number[]): JaxArray;
    stack(xs: readonly JaxArray[], axis: number): JaxArray;
    concatenate(xs: readonly JaxArray[], axis: number): JaxArray;
    tanh(x: JaxArray): JaxArray;
    sqrt(x: JaxArray): JaxArray;
    power(x: JaxArray | number, y: JaxArray | number): JaxArray;
    minimum(x: JaxArray, y: JaxArray | number): JaxArray;
    square(x: JaxArray): JaxArray;
    sum(x: JaxArray): JaxArray;
    negative(x: JaxArray): JaxArray;
  };
  readonly nn: {
    sigmoid(x: JaxArray): JaxArray;
    softmax(x: JaxArray, axis: number): JaxArray;
    logSoftmax(x: JaxArray, axis: number): JaxArray;
    oneHot(ids: JaxArray, classes: number): JaxArray;
  };
}
