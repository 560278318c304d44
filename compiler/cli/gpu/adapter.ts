/**
 * Finds a GPU for this process: WebGPU as the package `webgpu` (Dawn) brings it to Node, on the
 * machine's own adapters first, then on a driver in software if one is installed. A process that
 * asked should end with `process.exit`, since Dawn may keep its event loop alive.
 */
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import { hasVulkan, loadSwiftShader } from './swiftshader.ts';

export interface FoundAdapter {
  readonly adapter: GPUAdapter;
  /** `NVIDIA H100 (vulkan)`. */
  readonly description: string;
  /** Whether it computes on the processor, which is correct and slow. */
  readonly software: boolean;
}

/** A line for the person. */
export function adapterLine(found: FoundAdapter): string {
  return `device: ${found.description}`;
}

/**
 * A new adapter, good for one device. T6403 where there is none; the fault says what to install.
 * `load` brings the package.
 */
export async function openAdapter(
  load: () => Promise<Dawn> = () => import('webgpu'),
): Promise<FoundAdapter> {
  const dawn = await loadDawn(load);
  for (const route of known === undefined ? routes : [known]) {
    const found = await route(dawn);
    if (found === undefined) continue;
    known = route;
    return describe(found);
  }
  throw new RuntimeFault(
    'T6403',
    'there is no GPU adapter on this machine',
    'install a Vulkan driver, or one in software for Linux on x64: npm install @sparticuz/chromium',
  );
}

/** What is used of the package `webgpu`. */
export interface Dawn {
  create(options: string[]): GPU;
}

type Route = (dawn: Dawn) => Promise<GPUAdapter | undefined>;

/** The way that led to an adapter before: a lost device is replaced by one of the same kind. */
let known: Route | undefined;
/** An adapter is only good as long as what it came from. */
const instances = new Map<Route, GPU>();

const routes: readonly Route[] = [machine, software];

async function machine(dawn: Dawn): Promise<GPUAdapter | undefined> {
  // Without a Vulkan loader Dawn would find nothing either, and print a warning of its own.
  if (process.platform === 'linux' && !instances.has(machine) && !hasVulkan()) return undefined;
  return ask(dawn, machine);
}

async function software(dawn: Dawn): Promise<GPUAdapter | undefined> {
  if (!instances.has(software) && !loadSwiftShader()) return undefined;
  return ask(dawn, software);
}

async function ask(dawn: Dawn, route: Route): Promise<GPUAdapter | undefined> {
  const instance = instances.get(route) ?? dawn.create(dawnOptions);
  instances.set(route, instance);
  return (await instance.requestAdapter({ powerPreference: 'high-performance' })) ?? undefined;
}

async function loadDawn(load: () => Promise<Dawn>): Promise<Dawn> {
  try {
    return await load();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const missing = error instanceof Error && 'code' in error && error.code === notFound;
    throw missing
      ? new RuntimeFault('T6403', 'WebGPU is not installed', 'npm install webgpu')
      : new RuntimeFault('T6403', `WebGPU does not start on this machine: ${message}`);
  }
}

const notFound = 'ERR_MODULE_NOT_FOUND';

/** Dawn rounds times to a tenth of a millisecond unless told not to, too coarse for one kernel. */
const dawnOptions = ['disable-dawn-features=timestamp_quantization'];

const apis: Partial<Record<NodeJS.Platform, string>> = { win32: 'd3d12', darwin: 'metal' };

function describe(adapter: GPUAdapter): FoundAdapter {
  const { description, device, vendor, isFallbackAdapter } = adapter.info;
  // Of a card, `description` names the version of the driver, of a driver in software itself.
  const card = device.replaceAll('-', ' ');
  const names = isFallbackAdapter ? [description, card, vendor] : [card, description, vendor];
  const name = names.find((text) => text !== '') ?? 'unnamed adapter';
  const kind = isFallbackAdapter ? 'software' : (apis[process.platform] ?? 'vulkan');
  return { adapter, description: `${name} (${kind})`, software: isFallbackAdapter };
}
