/** The rows `page wasm` and `page webgpu`: programs made here, run by the runtime in a page. */
import { emitWasm } from '../../../6-emit/wasm/emit.ts';
import { kernelProgram, shaderProgram } from '../../../pipeline.ts';
import type { Graph } from '../../../graph/types.ts';
import type { DeviceKind } from '../../../5-schedule/forms.ts';
import { RuntimeFault } from '../../../../runtime/artifact/executable.ts';
import type { Program } from '../../../../runtime/artifact/program.ts';
import type { WasmForm } from '../../../../runtime/wasm/features.ts';
import type { Backend } from '../../../verify/checks/check.ts';
import { backendOf } from '../../../verify/local-backends.ts';
import type { Arrays } from '../../../verify/arrays.ts';
import type { Skipped } from '../../../verify/outcome.ts';
import type { GraphJob, GraphRunner, StepsJob } from '../../../verify/runner.ts';
import { programOptions, untoldBy } from '../../../verify/runners/compiled-graphs.ts';
import { patienceWith } from '../../gpu/forms.ts';
import { openBrowser, type OpenBrowser, type OpenPage } from './browser.ts';
import {
  pack,
  toBase64,
  unpack,
  type PackedArray,
  type PageJob,
  type PageProgram,
} from './words.ts';

const names = ['page wasm', 'page webgpu'] as const;

export interface PageBackends {
  readonly backends: readonly Backend[];
  readonly skipped: readonly Skipped[];
  close(): void;
}

/** `executable` is the browser's file; one is looked for without it. */
export async function pageBackends(
  wanted: (name: string) => boolean,
  executable: string | undefined,
): Promise<PageBackends> {
  const asked = names.filter(wanted);
  if (asked.length === 0) return { backends: [], skipped: [], close: () => undefined };
  try {
    const browser = await openBrowser(executable);
    const found = [...wasmIn(browser), ...webgpuIn(browser)].filter((b) => wanted(b.runner.name));
    const missing = asked.filter((name) => !found.some((b) => b.runner.name === name));
    const skipped = missing.map((name) => ({ backend: name, reason: 'the page has none' }));
    return { backends: found, skipped, close: () => browser.close() };
  } catch (error) {
    if (!(error instanceof RuntimeFault)) throw error;
    const hint = error.hint === undefined ? '' : ` (${error.hint})`;
    const skipped = asked.map((backend) => ({ backend, reason: error.message + hint }));
    return { backends: [], skipped, close: () => undefined };
  }
}

function wasmIn(browser: OpenBrowser): readonly Backend[] {
  const { wasm: form } = browser.features;
  if (form === undefined) return [];
  const runner = new PageRunner(browser, 'page wasm', (job) => wasmProgram(job, form));
  return [backendOf(runner, { kernels: { device: 'simd' } })];
}

function webgpuIn(browser: OpenBrowser): readonly Backend[] {
  const { webgpu } = browser.features;
  if (webgpu === undefined) return [];
  const device: DeviceKind = webgpu.software ? 'software' : 'parallel';
  const runner = new PageRunner(browser, 'page webgpu', (job) => {
    const { program, shaders } = shaderProgram(job.graph, { ...programOptions(job), device });
    return { program, shaders, timeoutMs: patienceWith(webgpu.software) };
  });
  const about = { keepsNonFinite: false, keepsDenormals: false };
  return [backendOf(runner, { kernels: { device }, ...about })];
}

type Made = Omit<PageProgram, 'id' | 'bindings'>;

function wasmProgram(job: GraphJob, form: WasmForm): Made {
  const prepare = job.feeds === undefined;
  const program = kernelProgram(job.graph, { ...programOptions(job), device: 'simd', prepare });
  const module = emitWasm(program, { form, threads: false, profile: false });
  return { program, module: toBase64(module), timeoutMs: 0 };
}

/** In a page of its own. Closing the runner closes the page; the next job opens another. */
class PageRunner implements GraphRunner {
  readonly name: string;
  readonly use = 'kernels';
  private readonly browser: OpenBrowser;
  private readonly make: (job: GraphJob) => Made;
  private page: Promise<OpenPage> | undefined;
  private readonly opened = new Map<Graph, Map<string, Promise<number>>>();
  private programs = 0;

  constructor(browser: OpenBrowser, name: string, make: (job: GraphJob) => Made) {
    this.browser = browser;
    this.name = name;
    this.make = make;
  }

  run(job: GraphJob): Promise<Arrays> {
    return this.ask(job);
  }

  runSteps(job: StepsJob): Promise<Arrays> {
    const later = job.later.map(pack);
    return this.ask(job, { feeds: [...(job.feeds ?? [])], later });
  }

  close(): void {
    // One that was never opened, or cannot be, has nothing to close.
    this.page?.then((page) => page.close()).catch(() => undefined);
    this.page = undefined;
    this.opened.clear();
  }

  private async ask(job: GraphJob, steps?: PageJob['steps']): Promise<Arrays> {
    this.page ??= this.browser.openPage();
    const page = await this.page;
    const id = await this.programFor(page, job);
    const asked = { id, inputs: pack(job.inputs), ...(steps === undefined ? {} : { steps }) };
    // What `run` of in-page.ts gives.
    return unpack((await page.call('run', asked)) as readonly PackedArray[]);
  }

  private programFor(page: OpenPage, job: GraphJob): Promise<number> {
    const known = this.opened.get(job.graph) ?? new Map<string, Promise<number>>();
    this.opened.set(job.graph, known);
    const bindings = [...untoldBy(job)];
    const key = JSON.stringify(bindings);
    const found = known.get(key) ?? this.openIn(page, { ...this.make(job), bindings });
    known.set(key, found);
    return found;
  }

  private async openIn(page: OpenPage, asked: Omit<PageProgram, 'id'>): Promise<number> {
    const id = this.programs++;
    await page.call('open', { ...asked, id, program: bodiless(asked.program) });
    return id;
  }
}

/** Kernels hold infinities, which JSON does not; what they do has been emitted. */
function bodiless(program: Program): Program {
  const kernels = program.kernels.map((kernel) => ({ ...kernel, body: [] }));
  return { ...program, functions: [], kernels };
}
