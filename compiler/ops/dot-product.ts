/**
 * The inner product of rows, C[i, j] = Σ A[i, p] B[j, p], over dense rows. Terms are added in
 * ascending p whatever the tiling, so a result does not depend on how many rows there are. In the
 * f32 form every product and every partial sum is rounded.
 */
import type { ElementData } from '../../runtime/artifact/nd-array.ts';

export interface RowProduct {
  /** Elements [rows, depth] from `leftStart`. */
  readonly left: ElementData;
  readonly leftStart: number;
  /** Elements [columns, depth] from `rightStart`. */
  readonly right: ElementData;
  readonly rightStart: number;
  /** Elements [rows, columns] from `toStart`, overwritten. */
  readonly to: ElementData;
  readonly toStart: number;
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
}

/**
 * Tiles of four rows by two columns, which keep eight sums in registers and read each element of A
 * for two and of B for four of them; what is left over goes element by element.
 */
export function multiplyExact(product: RowProduct): void {
  const { rows, columns } = product;
  const tiledRows = rows - (rows % 4);
  const tiledColumns = columns - (columns % 2);
  for (let j = 0; j < tiledColumns; j += 2) {
    for (let i = 0; i < tiledRows; i += 4) tileExact(product, i, j);
    for (let i = tiledRows; i < rows; i++) pairExact(product, i, j);
  }
  if (tiledColumns < columns) {
    for (let i = 0; i < rows; i++) cellExact(product, i, tiledColumns);
  }
}

function tileExact(product: RowProduct, row: number, column: number): void {
  const { left, right, to, depth, columns } = product;
  let a0 = product.leftStart + row * depth;
  let a1 = a0 + depth;
  let a2 = a1 + depth;
  let a3 = a2 + depth;
  let b0 = product.rightStart + column * depth;
  let b1 = b0 + depth;
  const end = a0 + depth;
  let s00 = 0;
  let s01 = 0;
  let s10 = 0;
  let s11 = 0;
  let s20 = 0;
  let s21 = 0;
  let s30 = 0;
  let s31 = 0;
  while (a0 < end) {
    const y0 = right[b0++] ?? 0;
    const y1 = right[b1++] ?? 0;
    const x0 = left[a0++] ?? 0;
    s00 += x0 * y0;
    s01 += x0 * y1;
    const x1 = left[a1++] ?? 0;
    s10 += x1 * y0;
    s11 += x1 * y1;
    const x2 = left[a2++] ?? 0;
    s20 += x2 * y0;
    s21 += x2 * y1;
    const x3 = left[a3++] ?? 0;
    s30 += x3 * y0;
    s31 += x3 * y1;
  }
  const at = product.toStart + row * columns + column;
  to[at] = s00;
  to[at + 1] = s01;
  to[at + columns] = s10;
  to[at + columns + 1] = s11;
  to[at + 2 * columns] = s20;
  to[at + 2 * columns + 1] = s21;
  to[at + 3 * columns] = s30;
  to[at + 3 * columns + 1] = s31;
}

function pairExact(product: RowProduct, row: number, column: number): void {
  const { left, right, to, depth, columns } = product;
  let a = product.leftStart + row * depth;
  let b0 = product.rightStart + column * depth;
  let b1 = b0 + depth;
  const end = a + depth;
  let s0 = 0;
  let s1 = 0;
  while (a < end) {
    const x = left[a++] ?? 0;
    s0 += x * (right[b0++] ?? 0);
    s1 += x * (right[b1++] ?? 0);
  }
  const at = product.toStart + row * columns + column;
  to[at] = s0;
  to[at + 1] = s1;
}

function cellExact(product: RowProduct, row: number, column: number): void {
  const { left, right, to, depth, columns } = product;
  const a = product.leftStart + row * depth;
  const b = product.rightStart + column * depth;
  let sum = 0;
  for (let p = 0; p < depth; p++) sum += (left[a + p] ?? 0) * (right[b + p] ?? 0);
  to[product.toStart + row * columns + column] = sum;
}

/** The same tiles, every scalar operation rounded to f32. */
export function multiplyRounded(product: RowProduct): void {
  const { rows, columns } = product;
  const tiledRows = rows - (rows % 4);
  const tiledColumns = columns - (columns % 2);
  for (let j = 0; j < tiledColumns; j += 2) {
    for (let i = 0; i < tiledRows; i += 4) tileRounded(product, i, j);
    for (let i = tiledRows; i < rows; i++) {
      cellRounded(product, i, j);
      cellRounded(product, i, j + 1);
    }
  }
  if (tiledColumns < columns) {
    for (let i = 0; i < rows; i++) cellRounded(product, i, tiledColumns);
  }
}

function tileRounded(product: RowProduct, row: number, column: number): void {
  const { left, right, to, depth, columns } = product;
  const { fround } = Math;
  let a0 = product.leftStart + row * depth;
  let a1 = a0 + depth;
  let a2 = a1 + depth;
  let a3 = a2 + depth;
  let b0 = product.rightStart + column * depth;
  let b1 = b0 + depth;
  const end = a0 + depth;
  let s00 = 0;
  let s01 = 0;
  let s10 = 0;
  let s11 = 0;
  let s20 = 0;
  let s21 = 0;
  let s30 = 0;
  let s31 = 0;
  while (a0 < end) {
    const y0 = right[b0++] ?? 0;
    const y1 = right[b1++] ?? 0;
    const x0 = left[a0++] ?? 0;
    s00 = fround(s00 + fround(x0 * y0));
    s01 = fround(s01 + fround(x0 * y1));
    const x1 = left[a1++] ?? 0;
    s10 = fround(s10 + fround(x1 * y0));
    s11 = fround(s11 + fround(x1 * y1));
    const x2 = left[a2++] ?? 0;
    s20 = fround(s20 + fround(x2 * y0));
    s21 = fround(s21 + fround(x2 * y1));
    const x3 = left[a3++] ?? 0;
    s30 = fround(s30 + fround(x3 * y0));
    s31 = fround(s31 + fround(x3 * y1));
  }
  const at = product.toStart + row * columns + column;
  to[at] = s00;
  to[at + 1] = s01;
  to[at + columns] = s10;
  to[at + columns + 1] = s11;
  to[at + 2 * columns] = s20;
  to[at + 2 * columns + 1] = s21;
  to[at + 3 * columns] = s30;
  to[at + 3 * columns + 1] = s31;
}

function cellRounded(product: RowProduct, row: number, column: number): void {
  const { left, right, to, depth, columns } = product;
  const a = product.leftStart + row * depth;
  const b = product.rightStart + column * depth;
  let sum = 0;
  for (let p = 0; p < depth; p++) {
    sum = Math.fround(sum + Math.fround((left[a + p] ?? 0) * (right[b + p] ?? 0)));
  }
  to[product.toStart + row * columns + column] = sum;
}
