/**
 * What a device finds wrong, caught where it was asked for instead of in a callback of the whole
 * device. The scopes are opened and closed around code without a wait, so that nobody else's calls
 * fall into them.
 */
export interface DeviceError {
  readonly kind: GPUErrorFilter;
  readonly message: string;
}

/** What `act` gives, and what the device found wrong with it, which it says later. */
export function catchErrors<T>(
  device: GPUDevice,
  act: () => T,
): { readonly value: T; readonly error: Promise<DeviceError | undefined> } {
  for (const kind of kinds) device.pushErrorScope(kind);
  let value: T;
  try {
    value = act();
  } catch (error) {
    void closeScopes(device);
    throw error;
  }
  return { value, error: closeScopes(device) };
}

/** The last is closed first: a lack of memory is said before what follows from it. */
const kinds: readonly GPUErrorFilter[] = ['validation', 'internal', 'out-of-memory'];

async function closeScopes(device: GPUDevice): Promise<DeviceError | undefined> {
  const errors = await Promise.all([...kinds].reverse().map((kind) => pop(device, kind)));
  return errors.find((error) => error !== undefined);
}

async function pop(device: GPUDevice, kind: GPUErrorFilter): Promise<DeviceError | undefined> {
  // A lost device may reject; that it is lost is said by whoever waits for it.
  const error = await device.popErrorScope().catch(() => null);
  return error === null ? undefined : { kind, message: error.message };
}
