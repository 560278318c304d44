/** Types of the specs that are imported, by gatework. Generated: to commit, not to edit. */

// ../gatework-bundle-NPlXqU/app/model/net.gate
declare module "*/net.gate?weights=./net.safetensors" {
  /** Numbers of an input, row after row. */
  export type Numbers = ArrayLike<number> & object;

  /** Numbers of an output, row after row, and its shape. */
  export interface Output<Data, Shape> {
    readonly data: Data;
    readonly shape: Shape;
  }

  export interface LoadOptions {
    /** The first that there is, if left out. */
    readonly backend?: Backend | undefined;
    /** The weights' file, where it is not beside the module: its address or its bytes. */
    readonly weights?: string | URL | Uint8Array | undefined;
  }

  /** What is thrown; `code` says what is wrong, whatever the words. */
  export interface BundleError extends Error {
    readonly code: string;
    readonly hint?: string | undefined;
  }

  export interface SelfTest {
    readonly backend: Backend;
    /** Whether every result is within what it may be off by. */
    readonly ok: boolean;
    readonly results: readonly {
      readonly name: string;
      /** The largest distance from the interpreter in f64. */
      readonly error: number;
      readonly allowed: number;
    }[];
  }

  export type Backend = "webgpu" | "wasm" | "javascript";

  /** One example. */
  export interface Inputs {
      /** Numbers, [T, 4]. */
      "x": Numbers;
  }

  /** What the model answers to it. */
  export interface Outputs {
      /** [T, 5], of the example's own time steps. */
      readonly "y": Output<Float32Array, readonly [number, 5]>;
  }

  /** What it has seen, as plain numbers. */
  export interface State {
      /** [8]. */
      readonly "lstm.a": Float32Array;
      /** [8]. */
      readonly "lstm.c": Float32Array;
  }

  /** What it answers to one time step. */
  export interface StepOutputs {
      /** [5]. */
      readonly "y": Output<Float32Array, readonly [5]>;
  }

  /** Time step after time step; each begins with the state that the one before it left. */
  export interface Stream {
      /** A copy. */
      readonly state: State;
      /** One time step of each input. Throws a `BundleError`, R7801, for anything else. */
      step(inputs: Inputs): StepOutputs;
  }

  export interface Model {
      readonly backend: Backend;
      /** Rejects with a `BundleError`, R7801, that names the input that is wrong. */
      run(example: Inputs): Promise<Outputs>;
      /** A batch: sequences may be of unequal length, and each answer is that of its example alone, but for the last bits. */
      run(examples: readonly Inputs[]): Promise<Outputs[]>;
      /** Runs inputs that the bundle carries, and compares with the f64 interpreter. */
      selfTest(): Promise<SelfTest>;
      /** Frees what it holds on a device. */
      close(): void;
      /** Begins with no past, or with a state that another stream had. */
      stream(from?: Partial<State>): Stream;
  }

  /** Reads the weights and takes the first backend that there is. Rejects with a `BundleError`: R7802 a file that cannot be read, R7803 one that is damaged or of another bundle, R7804 a backend that this place has not. */
  export function load(options?: LoadOptions): Promise<Model>;
  /** The model, to be loaded. */
  const model: { readonly load: typeof load };
  export default model;
}
