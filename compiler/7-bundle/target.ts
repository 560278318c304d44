/** Where a bundle is to run, and what that means for its files. */
import type { Backend } from '../../runtime/artifact/bundle.ts';

export const targetNames = ['web', 'node', 'worker', 'edge', 'single-file'] as const;
export type TargetName = (typeof targetNames)[number];

export interface BundleTarget {
  readonly name: TargetName;
  /** In the order in which they are tried. */
  readonly backends: readonly Backend[];
  /**
   * Code beside the entry: files that are fetched when they are wanted, or part of the entry; or,
   * of WebAssembly, imported as a module, where nothing may be compiled from bytes.
   */
  readonly code: 'apart' | 'inline' | 'import';
  readonly weights: 'file' | 'inline';
}

/** All that there are, in the order in which they are tried. */
export const allBackends: readonly Backend[] = ['webgpu', 'wasm', 'javascript'];

/**
 * `web`: pages and their workers, under every bundler, and Node; `node`: without the GPU; `worker`:
 * service workers, which import nothing later on; `edge`: all of it is there before the first
 * request; `single-file`: one module. Of the backends those that are wanted.
 */
export function targetOf(
  name: TargetName,
  inline = false,
  wanted: readonly Backend[] = allBackends,
): BundleTarget {
  const target = wholeTarget(name, inline);
  return { ...target, backends: target.backends.filter((one) => wanted.includes(one)) };
}

function wholeTarget(name: TargetName, inline: boolean): BundleTarget {
  const weights = inline ? 'inline' : 'file';
  switch (name) {
    case 'web':
      return { name, backends: allBackends, code: inline ? 'inline' : 'apart', weights };
    case 'node':
      return { name, backends: allBackends.slice(1), code: inline ? 'inline' : 'apart', weights };
    case 'worker':
      return { name, backends: allBackends, code: 'inline', weights };
    case 'edge':
      return { name, backends: allBackends.slice(1), code: 'import', weights: 'inline' };
    case 'single-file':
      return { name, backends: allBackends, code: 'inline', weights: 'inline' };
  }
}
