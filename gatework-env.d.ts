/** Types of the specs that are imported, by gatework. Generated: to commit, not to edit. */

// ../gatework-bundle-KOAKQo/app/adding.gate
declare module "*/adding.gate?init=1&dim.width=5" {
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
      /** Numbers, [T, 2]. */
      "x": Numbers;
  }

  /** What the model answers to it. */
  export interface Outputs {
      /** [1], of the example's own time steps. */
      readonly "sum": Output<Float32Array, readonly [1]>;
  }

  /** There is no `stream()`: its answers depend on later time steps, so that it needs the whole sequence. */
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
  }

  /** Reads the weights and takes the first backend that there is. Rejects with a `BundleError`: R7802 a file that cannot be read, R7803 one that is damaged or of another bundle, R7804 a backend that this place has not. */
  export function load(options?: LoadOptions): Promise<Model>;
  /** The model, to be loaded. */
  const model: { readonly load: typeof load };
  export default model;
}

// ../gatework-bundle-KOAKQo/app/both-ways.gate
declare module "*/both-ways.gate?init=1&dim.D=4" {
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
      /** [T, 8], of the example's own time steps. */
      readonly "y": Output<Float32Array, readonly [number, 8]>;
  }

  /** There is no `stream()`: its answers depend on later time steps, so that it needs the whole sequence. */
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
  }

  /** Reads the weights and takes the first backend that there is. Rejects with a `BundleError`: R7802 a file that cannot be read, R7803 one that is damaged or of another bundle, R7804 a backend that this place has not. */
  export function load(options?: LoadOptions): Promise<Model>;
  /** The model, to be loaded. */
  const model: { readonly load: typeof load };
  export default model;
}

// ../gatework-bundle-KOAKQo/app/copy.gate
declare module "*/copy.gate?init=1&dim.width=4" {
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
      /** Ids from 0 to 5, [T]. */
      "seen": Numbers;
  }

  /** What the model answers to it. */
  export interface Outputs {
      /** [T, 6], of the example's own time steps. */
      readonly "y": Output<Float32Array, readonly [number, 6]>;
  }

  /** What it has seen, as plain numbers. */
  export interface State {
      /** [4]. */
      readonly "lstm.a": Float32Array;
      /** [4]. */
      readonly "lstm.c": Float32Array;
  }

  /** What it answers to one time step. */
  export interface StepOutputs {
      /** [6]. */
      readonly "y": Output<Float32Array, readonly [6]>;
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

// ../gatework-bundle-KOAKQo/app/language.gate
declare module "*/language.gate?init=1&dim.V=30&dim.width=8" {
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
      /** Ids from 0 to 29, [T]. */
      "text": Numbers;
  }

  /** What the model answers to it. */
  export interface Outputs {
      /** [T, 30], of the example's own time steps. */
      readonly "next": Output<Float32Array, readonly [number, 30]> & { readonly tokens: readonly string[] };
  }

  /** What it has seen, as plain numbers. */
  export interface State {
      /** []. */
      readonly "shift.delay.s": Int32Array;
      /** [8]. */
      readonly "lstm.a": Float32Array;
      /** [8]. */
      readonly "lstm.c": Float32Array;
  }

  /** What it answers to one time step. */
  export interface StepOutputs {
      /** [30]. */
      readonly "next": Output<Float32Array, readonly [30]>;
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

// ../gatework-bundle-KOAKQo/app/lstm.gate
declare module "*/lstm.gate?init=1&dim.D=4" {
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
      /** [T, 3], of the example's own time steps. */
      readonly "y": Output<Float32Array, readonly [number, 3]>;
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
      /** [3]. */
      readonly "y": Output<Float32Array, readonly [3]>;
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

// ../gatework-bundle-KOAKQo/app/names.gate
declare module "*/names.gate?init=1&dim.V=20&dim.width=8" {
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
      /** Ids from 0 to 19, [T]. */
      "text": Numbers;
  }

  /** What the model answers to it. */
  export interface Outputs {
      /** [T, 20], of the example's own time steps. */
      readonly "next": Output<Float32Array, readonly [number, 20]> & { readonly tokens: readonly string[] };
  }

  /** What it has seen, as plain numbers. */
  export interface State {
      /** []. */
      readonly "shift.delay.s": Int32Array;
      /** [8]. */
      readonly "lstm.a": Float32Array;
      /** [8]. */
      readonly "lstm.c": Float32Array;
  }

  /** What it answers to one time step. */
  export interface StepOutputs {
      /** [20]. */
      readonly "next": Output<Float32Array, readonly [20]>;
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

// ../gatework-bundle-KOAKQo/app/ner.gate
declare module "*/ner.gate?init=1&dim.V=20" {
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
      /** Ids from 0 to 19, [T]. */
      "tokens": Numbers;
  }

  /** What the model answers to it. */
  export interface Outputs {
      /** [T, 2], of the example's own time steps. */
      readonly "names": Output<Float32Array, readonly [number, 2]> & { readonly tokens: readonly string[] };
  }

  /** There is no `stream()`: its answers depend on later time steps, so that it needs the whole sequence. */
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
  }

  /** Reads the weights and takes the first backend that there is. Rejects with a `BundleError`: R7802 a file that cannot be read, R7803 one that is damaged or of another bundle, R7804 a backend that this place has not. */
  export function load(options?: LoadOptions): Promise<Model>;
  /** The model, to be loaded. */
  const model: { readonly load: typeof load };
  export default model;
}

// ../gatework-bundle-KOAKQo/app/peephole.gate
declare module "*/peephole.gate?init=1&dim.D=2" {
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
      /** Numbers, [T, 2]. */
      "x": Numbers;
  }

  /** What the model answers to it. */
  export interface Outputs {
      /** [T, 3], of the example's own time steps. */
      readonly "y": Output<Float32Array, readonly [number, 3]>;
  }

  /** What it has seen, as plain numbers. */
  export interface State {
      /** [3]. */
      readonly "peephole.l0.a": Float32Array;
      /** [3]. */
      readonly "peephole.l0.c": Float32Array;
      /** [3]. */
      readonly "peephole.l1.a": Float32Array;
      /** [3]. */
      readonly "peephole.l1.c": Float32Array;
  }

  /** What it answers to one time step. */
  export interface StepOutputs {
      /** [3]. */
      readonly "y": Output<Float32Array, readonly [3]>;
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

// ../gatework-bundle-KOAKQo/app/residual.gate
declare module "*/residual.gate?init=1&dim.D=2" {
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
      /** Numbers, [T, 2]. */
      "x": Numbers;
  }

  /** What the model answers to it. */
  export interface Outputs {
      /** [6], of the example's own time steps. */
      readonly "y": Output<Float32Array, readonly [6]>;
  }

  /** There is no `stream()`: its answers depend on later time steps, so that it needs the whole sequence. */
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
  }

  /** Reads the weights and takes the first backend that there is. Rejects with a `BundleError`: R7802 a file that cannot be read, R7803 one that is damaged or of another bundle, R7804 a backend that this place has not. */
  export function load(options?: LoadOptions): Promise<Model>;
  /** The model, to be loaded. */
  const model: { readonly load: typeof load };
  export default model;
}

// ../gatework-bundle-KOAKQo/app/sentiment.gate
declare module "*/sentiment.gate?init=1&dim.V=30" {
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
      /** Ids from 0 to 29, [T]. */
      "review": Numbers;
  }

  /** What the model answers to it. */
  export interface Outputs {
      /** [2], of the example's own time steps. */
      readonly "mood": Output<Float32Array, readonly [2]>;
  }

  /** There is no `stream()`: its answers depend on later time steps, so that it needs the whole sequence. */
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
  }

  /** Reads the weights and takes the first backend that there is. Rejects with a `BundleError`: R7802 a file that cannot be read, R7803 one that is damaged or of another bundle, R7804 a backend that this place has not. */
  export function load(options?: LoadOptions): Promise<Model>;
  /** The model, to be loaded. */
  const model: { readonly load: typeof load };
  export default model;
}

// ../gatework-bundle-KOAKQo/app/speeches.gate
declare module "*/speeches.gate?init=1&dim.V=30&dim.width=8" {
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
      /** Ids from 0 to 29, [T]. */
      "text": Numbers;
  }

  /** What the model answers to it. */
  export interface Outputs {
      /** [T, 30], of the example's own time steps. */
      readonly "next": Output<Float32Array, readonly [number, 30]> & { readonly tokens: readonly string[] };
  }

  /** What it has seen, as plain numbers. */
  export interface State {
      /** []. */
      readonly "shift.delay.s": Int32Array;
      /** [8]. */
      readonly "lstm.l0.a": Float32Array;
      /** [8]. */
      readonly "lstm.l0.c": Float32Array;
      /** [8]. */
      readonly "lstm.l1.a": Float32Array;
      /** [8]. */
      readonly "lstm.l1.c": Float32Array;
  }

  /** What it answers to one time step. */
  export interface StepOutputs {
      /** [30]. */
      readonly "next": Output<Float32Array, readonly [30]>;
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
