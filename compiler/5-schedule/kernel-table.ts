/**
 * The kernels of a program, each once: two layers that compute alike share one. Functions are those
 * that some kernel calls, and what these call.
 */
import type { Expression, Kernel, KernelFunction } from '../../runtime/artifact/kernel.ts';
import { present } from '../base/bug.ts';
import { asksOf } from '../kernel/asks.ts';
import { mathFunctions } from '../kernel/math/all.ts';
import { printKernel } from '../kernel/print.ts';
import { visitExpression, visitStatements } from '../kernel/walk.ts';
import { finishKernel, type KernelDraft } from './kernel-draft.ts';

interface Known {
  readonly index: number;
  readonly nameless: Kernel;
  /** Printed where another kernel looks like it. */
  text: string | undefined;
}

export class KernelTable {
  readonly all: Kernel[] = [];
  /** By what can be seen of a kernel at a glance. */
  private readonly known = new Map<string, Known[]>();
  private readonly names = new Set<string>();

  add(draft: KernelDraft): { readonly index: number; readonly kernel: Kernel } {
    const nameless = finishKernel(draft, '');
    const glance = glanceAt(nameless);
    const alike = this.known.get(glance) ?? [];
    this.known.set(glance, alike);
    // Not as JSON, to which 0 and -0, and infinities of both signs, are the same.
    const text = alike.length === 0 ? undefined : printKernel(nameless);
    const same = alike.find((other) => (other.text ??= printKernel(other.nameless)) === text);
    if (same !== undefined) return { ...same, kernel: present(this.all[same.index], 'a kernel') };
    const index = this.all.length;
    const kernel = { ...nameless, name: this.unique(draft.name) };
    this.all.push(kernel);
    alike.push({ index, nameless, text });
    return { index, kernel };
  }

  functions(): KernelFunction[] {
    const byName = new Map(mathFunctions.map((f) => [f.name, f]));
    const used = new Set<string>();
    const use = (name: string): void => {
      if (used.has(name)) return;
      used.add(name);
      const f = present(byName.get(name), `the function ${name}`);
      for (const { value } of f.lets) visitExpression(value, visit);
      visitExpression(f.result, visit);
    };
    const visit = (e: Expression): void => {
      if (e.kind === 'call') use(e.function);
    };
    for (const { body } of this.all) asksOf(body).functions.forEach(use);
    return mathFunctions.filter((f) => used.has(f.name));
  }

  private unique(wanted: string): string {
    let name = wanted;
    for (let i = 2; this.names.has(name); i++) name = `${wanted}.${i}`;
    this.names.add(name);
    return name;
  }
}

/** The same for equal kernels, and seldom for others: most kernels need not be printed. */
function glanceAt({ buffers, sizes, workgroup, body }: Kernel): string {
  let statements = 0;
  visitStatements(body, { statement: () => statements++ });
  const memories = buffers.map(({ name, access }) => `${name} ${access}`);
  return [statements, ...workgroup, ...sizes, ...memories].join();
}
