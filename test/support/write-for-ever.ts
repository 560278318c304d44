/** Writes one file again and again, of ever other size and content, until it is killed. */
import { openNodeStore } from '../../compiler/cli/node-store.ts';
import { fromNdArray } from '../../runtime/tensors/convert.ts';
import { writeSafetensors } from '../../runtime/tensors/safetensors.ts';

const store = openNodeStore(process.argv[2] ?? '');
for (let round = 1; ; round++) {
  const size = 20_000 + ((round * 7919) % 200_000);
  const data = new Float64Array(size).fill(round);
  const tensor = fromNdArray({ dtype: 'float', shape: [size], data });
  await store.writeAtomically('checkpoint.safetensors', writeSafetensors(new Map([['w', tensor]])));
  if (round === 1) process.stdout.write('ready\n');
}
