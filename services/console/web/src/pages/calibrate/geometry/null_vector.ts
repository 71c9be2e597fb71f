// The right singular vector of the smallest singular value, by one-sided Jacobi rotations (Hestenes;
// Golub and Van Loan, Matrix Computations, 4th edition, 8.6.3). It works on the columns themselves,
// so that nothing is squared and small singular values keep their digits.

export interface NullVector {
  /** The vector, of length 1. */
  vector: number[];
  /** Singular values, largest first. */
  singular: number[];
}

/** `rows` all have `width` numbers. */
export function nullVector(rows: readonly (readonly number[])[], width: number): NullVector {
  const columns = Array.from({ length: width }, (_, c) => rows.map((row) => row[c] ?? 0));
  const right = Array.from({ length: width }, (_, c) =>
    Array.from({ length: width }, (_, r) => (r === c ? 1 : 0)),
  );
  for (let sweep = 0; sweep < 60; sweep += 1) {
    let turned = false;
    for (let p = 0; p < width - 1; p += 1) {
      for (let q = p + 1; q < width; q += 1) {
        const a = columns[p];
        const b = columns[q];
        const va = right[p];
        const vb = right[q];
        if (!a || !b || !va || !vb) continue;
        let alpha = 0;
        let beta = 0;
        let gamma = 0;
        for (let i = 0; i < a.length; i += 1) {
          const x = a[i] ?? 0;
          const y = b[i] ?? 0;
          alpha += x * x;
          beta += y * y;
          gamma += x * y;
        }
        if (Math.abs(gamma) <= 1e-15 * Math.sqrt(alpha * beta) || gamma === 0) continue;
        turned = true;
        const zeta = (beta - alpha) / (2 * gamma);
        const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        const c = 1 / Math.hypot(1, t);
        turn(a, b, c, c * t);
        turn(va, vb, c, c * t);
      }
    }
    if (!turned) break;
  }
  const norms = columns.map((column) => Math.hypot(...column));
  const order = norms.map((_, index) => index).sort((x, y) => (norms[y] ?? 0) - (norms[x] ?? 0));
  return {
    vector: right[order[width - 1] ?? 0] ?? [],
    singular: order.map((index) => norms[index] ?? 0),
  };
}

function turn(a: number[], b: number[], c: number, s: number): void {
  for (let i = 0; i < a.length; i += 1) {
    const x = a[i] ?? 0;
    const y = b[i] ?? 0;
    a[i] = c * x - s * y;
    b[i] = s * x + c * y;
  }
}
