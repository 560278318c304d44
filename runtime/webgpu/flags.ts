/**
 * The bits of WebGPU that are used here, as its text fixes them. Browsers offer them as globals,
 * other hosts need not.
 */
export const mapRead = 0x0001;
export const copySource = 0x0004;
export const copyTarget = 0x0008;
export const uniform = 0x0040;
export const storage = 0x0080;
export const queryResolve = 0x0200;

export const mapForReading = 0x0001;

export const visibleToCompute = 0x4;
