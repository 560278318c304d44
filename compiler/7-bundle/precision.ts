/** How the file of the weights holds them. */
export const precisions = ['f32', 'f16', 'int8'] as const;
export type Precision = (typeof precisions)[number];
