/**
 * Runs in the browser: doubles numbers and adds their index with a hand-written compute shader, and
 * says where it ran and on which adapter. Throws where there is no WebGPU.
 */
const code = `
@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x < arrayLength(&x)) { x[id.x] = 2.0 * x[id.x] + f32(id.x); }
}`;

export interface Doubled {
  readonly numbers: readonly number[];
  /** `Window` or `DedicatedWorkerGlobalScope`. */
  readonly scope: string;
  /** `swiftshader`. */
  readonly architecture: string;
}

export async function main(numbers: readonly number[]): Promise<Doubled> {
  const adapter = await gpuOfHost().requestAdapter();
  if (adapter === null) throw new Error('no adapter');
  const device = await adapter.requestDevice();
  const size = numbers.length * 4;
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const buffer = device.createBuffer({ size, usage });
  device.queue.writeBuffer(buffer, 0, Float32Array.from(numbers));
  const back = device.createBuffer({
    size,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });

  const module = device.createShaderModule({ code });
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  const layout = pipeline.getBindGroupLayout(0);
  const entries = [{ binding: 0, resource: { buffer } }];
  pass.setBindGroup(0, device.createBindGroup({ layout, entries }));
  pass.dispatchWorkgroups(Math.ceil(numbers.length / 64));
  pass.end();
  encoder.copyBufferToBuffer(buffer, 0, back, 0, size);
  device.queue.submit([encoder.finish()]);

  await back.mapAsync(GPUMapMode.READ);
  const doubled = [...new Float32Array(back.getMappedRange())];
  device.destroy();
  const { architecture } = adapter.info;
  return { numbers: doubled, scope: globalThis.constructor.name, architecture };
}

/** Checked here, since the types of Node do not know the navigator of a browser. */
function gpuOfHost(): GPU {
  const { navigator } = globalThis as { readonly navigator?: { readonly gpu?: GPU } };
  if (navigator?.gpu === undefined) throw new Error('no WebGPU here');
  return navigator.gpu;
}
