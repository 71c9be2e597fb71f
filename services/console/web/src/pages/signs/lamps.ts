/** Lamps of a page of a matrix sign as one SVG path of squares; each row is a string, `#` is lit. */
export function lampPath(rows: readonly string[]): { width: number; height: number; path: string } {
  let path = "";
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; x += 1) {
      if (row[x] === "#") path += `M${x + 0.1} ${y + 0.1}h.8v.8h-.8z`;
    }
  });
  return { width: Math.max(0, ...rows.map((row) => row.length)), height: rows.length, path };
}
