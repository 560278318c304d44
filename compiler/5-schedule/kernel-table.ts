/**
 * The kernels of a program, each once: two layers that compute alike share one. Functions are those
 * that some kernel calls, and what these call.
 */
import type { Expression, Kernel, KernelFunction } from '../../runtime/artifact/kernel.ts';
import { present } from '../base/bug.ts';
import { mathFunctions } from '../kernel/math/all.ts';
import { printKernel } from '../kernel/print.ts';
import { visitExpression, visitStatements } from '../kernel/walk.ts';
import { finishKernel, type KernelDraft } from './kernel-draft.ts';

export class KernelTable {
  readonly all: Kernel[] = [];
  private readonly known = new Map<string, number>();
  private readonly names = new Set<string>();

  add(draft: KernelDraft): { readonly index: number; readonly kernel: Kernel } {
    const nameless = finishKernel(draft, '');
    // Not as JSON, to which 0 and -0, and infinities of both signs, are the same.
    const key = printKernel(nameless);
    const known = this.known.get(key);
    if (known !== undefined) return { index: known, kernel: present(this.all[known], 'a kernel') };
    const index = this.all.length;
    const kernel = { ...nameless, name: this.unique(draft.name) };
    this.all.push(kernel);
    this.known.set(key, index);
    return { index, kernel };
  }

  functions(): KernelFunction[] {
    const byName = new Map(mathFunctions.map((f) => [f.name, f]));
    const used = new Set<string>();
    const visit = (e: Expression): void => {
      if (e.kind !== 'call' || used.has(e.function)) return;
      used.add(e.function);
      const f = present(byName.get(e.function), `the function ${e.function}`);
      for (const { value } of f.lets) visitExpression(value, visit);
      visitExpression(f.result, visit);
    };
    for (const { body } of this.all) visitStatements(body, { expression: visit });
    return mathFunctions.filter((f) => used.has(f.name));
  }

  private unique(wanted: string): string {
    let name = wanted;
    for (let i = 2; this.names.has(name); i++) name = `${wanted}.${i}`;
    this.names.add(name);
    return name;
  }
}
