/** A device that computes nothing and answers as a test says: what no real one does on demand. */

export interface FakeAnswers {
  readonly map?: () => Promise<void>;
  readonly pipeline?: () => Promise<unknown>;
  /** What the innermost scope found; called once for each scope. */
  readonly scope?: (filter: GPUErrorFilter) => Promise<GPUError | null>;
  readonly lost?: Promise<GPUDeviceLostInfo>;
  /** What is read of so many bytes; zeros if not said. */
  readonly read?: (bytes: number) => ArrayBuffer;
  readonly features?: readonly string[];
}

export interface FakeDevice {
  readonly device: GPUDevice;
  /** Sizes of the buffers that are there, by label. */
  readonly buffers: Map<string, number>;
}

export const never = <T>(): Promise<T> => new Promise(() => undefined);

export function fakeDevice(answers: FakeAnswers = {}): FakeDevice {
  const scopes: GPUErrorFilter[] = [];
  const nothing = (): void => undefined;
  const pass = { setPipeline: nothing, setBindGroup: nothing, dispatchWorkgroups: nothing };
  const encoder = {
    beginComputePass: () => ({ ...pass, end: nothing }),
    copyBufferToBuffer: nothing,
    resolveQuerySet: nothing,
    finish: () => ({}),
  };
  const fake = { buffers: new Map<string, number>() };
  const device = {
    lost: answers.lost ?? never<GPUDeviceLostInfo>(),
    limits: {
      maxStorageBufferBindingSize: 2 ** 27,
      maxBufferSize: 2 ** 28,
      minUniformBufferOffsetAlignment: 256,
      maxComputeWorkgroupsPerDimension: 65535,
    },
    features: new Set(answers.features),
    queue: { writeBuffer: nothing, submit: nothing },
    pushErrorScope: (filter: GPUErrorFilter) => scopes.push(filter),
    popErrorScope: () => {
      const filter = scopes.pop() ?? 'internal';
      return answers.scope?.(filter) ?? Promise.resolve(null);
    },
    createBuffer: ({ label = '', size }: GPUBufferDescriptor) => {
      fake.buffers.set(label, size);
      return {
        size,
        mapAsync: answers.map ?? (() => Promise.resolve()),
        getMappedRange: () => answers.read?.(size) ?? new ArrayBuffer(size),
        unmap: nothing,
        destroy: () => fake.buffers.delete(label),
      };
    },
    createShaderModule: () => ({ getCompilationInfo: () => Promise.resolve({ messages: [] }) }),
    createComputePipelineAsync: answers.pipeline ?? (() => Promise.resolve({})),
    createBindGroupLayout: () => ({}),
    createPipelineLayout: () => ({}),
    createBindGroup: () => ({}),
    createQuerySet: () => ({ destroy: nothing }),
    createCommandEncoder: () => encoder,
  };
  // Only what the executable uses is there; anything else would fail loudly.
  return Object.assign(fake, { device: device as unknown as GPUDevice });
}
