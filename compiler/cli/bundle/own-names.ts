/**
 * Names of properties that the modules of a bundle use among themselves, and nobody else: neither a
 * caller nor a file nor the platform. They are shortened, in all modules of a bundle alike; a test
 * holds them against what others know.
 */
export const ownNames: readonly string[] = [
  ...[
    'abilities',
    'base',
    'choose',
    'current',
    'described',
    'direct',
    'encoded',
    'engine',
    'engines',
    'expects',
  ],
  ...['finalName', 'floats', 'ids', 'initialName', 'ints', 'isStep', 'lengths', 'moves', 'numbers'],
  ...['runNow', 'tell', 'tensors', 'views', 'zeros'],
  ...['arenas', 'dispatches', 'failure', 'kernels', 'milliseconds', 'offsets', 'pipelineLayout'],
  ...['places', 'record', 'recordBytes', 'refused', 'uniforms', 'wanted'],
];
