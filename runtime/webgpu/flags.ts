/**
 * The bits of WebGPU that are used here, as its text fixes them. Browsers offer them as globals,
 * other hosts need not.
 */
export const bufferUsage = {
  mapRead: 0x0001,
  copySource: 0x0004,
  copyTarget: 0x0008,
  uniform: 0x0040,
  storage: 0x0080,
  queryResolve: 0x0200,
} as const;

export const mapForReading = 0x0001;

export const visibleToCompute = 0x4;
