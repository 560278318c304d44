/** The checks of `gatework verify`: gradients, values or training, bits, and a law in turn. */
import { allChecks } from '../../../compiler/verify/checks/all.ts';
import type { Backend, Check } from '../../../compiler/verify/checks/check.ts';
import { backendOf } from '../../../compiler/verify/local-backends.ts';
import { interpreterRunner } from '../../../compiler/verify/runners/interpreter-runner.ts';
import { kernelRunner } from '../../../compiler/verify/runners/kernel-runner.ts';
import { wasmRunner } from '../../../compiler/verify/runners/wasm-runner.ts';
import type { Attack, Attempt, Target } from '../types.ts';

/** Of those that suit a backend and take the case. */
const lawsEach = 1;

export const oracleAttacks: Attack = (target) =>
  through(target, [backendOf(interpreterRunner('f64'), { isOracle: true })]);

export const kernelAttacks: Attack = (target) => {
  const { device, schedule } = target.program.how;
  return through(target, [backendOf(kernelRunner({ device, schedule }))]);
};

export const wasmAttacks: Attack = (target) =>
  through(target, [backendOf(wasmRunner({ form: target.program.how.form }))]);

export const furtherAttacks: Attack = (target) => through(target, target.further());

async function* through(target: Target, backends: readonly Backend[]): AsyncGenerator<Attempt> {
  const { point } = target;
  try {
    for (const backend of backends) {
      for (const check of chosen(target, backend)) {
        await point.prepare(check.graph);
        const { worst, where, wrong } = await check.run(point, backend);
        const told = wrong.map((text) => `${text} (worst at ${where})`);
        yield { name: `${backend.runner.name}: ${check.name}`, worst, wrong: told };
      }
    }
  } finally {
    for (const { runner } of backends) runner.close?.();
  }
}

function chosen({ program, subject }: Target, backend: Backend): readonly Check[] {
  const suited = allChecks.filter(
    (check) => check.suits(subject, backend) && check.takes(program.data),
  );
  // The program for gradients computes the values as well: they alone, or training, by turns.
  const isDue = ({ group }: Check): boolean =>
    program.how.law % 2 === 0 ? group !== 'training' : group !== 'values';
  const accurate = suited.filter((check) => check.group !== 'laws' && isDue(check));
  const laws = suited.filter((check) => check.group === 'laws');
  const turned = laws.map((_, i) => laws[(i + program.how.law) % laws.length]);
  return [...accurate, ...turned.slice(0, lawsEach).flatMap((law) => law ?? [])];
}
