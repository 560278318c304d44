/** Runs programs as JavaScript modules on memory of their own. */
import { emitJs, type JsOptions } from '../../compiler/6-emit/js/emit.ts';
import {
  kernelProgramRun,
  runOnMemory,
  type Elements,
  type KernelRun,
  type ProgramRun,
} from './memory-runs.ts';

/** The module of this text. */
export async function importText(text: string): Promise<Readonly<Record<string, unknown>>> {
  const url = `data:text/javascript,${encodeURIComponent(text)}`;
  return (await import(url)) as Readonly<Record<string, unknown>>;
}

/** What the tensors hold after `prepare` and `run`. Nothing outside of them may have changed. */
export async function runJs(
  run: ProgramRun & { readonly options?: JsOptions },
): Promise<readonly Elements[]> {
  const text = emitJs(run.program, run.options);
  const { instantiate } = await importText(text);
  if (typeof instantiate !== 'function') throw new Error(`no instantiate in\n${text}`);
  const open = instantiate as (memory: ArrayBuffer) => Readonly<Record<string, unknown>>;
  try {
    return runOnMemory(run, (bytes) => {
      const buffer = new ArrayBuffer(16 * Math.ceil(bytes / 16));
      return { buffer, exports: open(buffer) };
    });
  } catch (error) {
    throw new Error(text, { cause: error });
  }
}

export function runKernelJs(run: KernelRun): Promise<readonly Elements[]> {
  return runJs(kernelProgramRun(run));
}
