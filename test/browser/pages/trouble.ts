/** In the browser: what can be wrong with a GPU, on demand. */

// The types of Node do not know the navigator of a browser.
const { navigator } = globalThis as unknown as { readonly navigator: { readonly gpu: GPU } };

/** All devices from now on; they are lost at once where that is wanted. */
export function watchDevices(lost: boolean): GPUDevice[] {
  const devices: GPUDevice[] = [];
  if (typeof GPUAdapter === 'undefined') return devices;
  const { prototype } = GPUAdapter;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on each adapter.
  const { requestDevice: real } = prototype;
  prototype.requestDevice = async function (this: GPUAdapter, descriptor) {
    const device = await real.call(this, descriptor);
    devices.push(device);
    if (lost) device.destroy();
    return device;
  };
  return devices;
}

export function adapters(requestAdapter: GPU['requestAdapter']): void {
  Object.defineProperty(navigator.gpu, 'requestAdapter', { value: requestAdapter });
}

export function noGpu(): void {
  Object.defineProperty(navigator, 'gpu', { value: undefined });
}
