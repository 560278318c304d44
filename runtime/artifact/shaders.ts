/** The kernels of a program as WGSL. */

/** One text for all of them. */
export interface ShaderModule {
  readonly code: string;
  /** By the kernel's position in the program: what its entry point is called. */
  readonly entries: readonly string[];
}

/** By the kernel's position, a text each with the entry point `main`; or one text for all. */
export type Shaders = readonly string[] | ShaderModule;
