// Where the names at the ends of lines stand: level with their line where they can, never closer than a row. Pure.

export const ROW_PX = 16;

/** Moves `ys` apart, keeping their order, within [top, bottom]. Returned in the order given. */
export function spread(ys: readonly number[], top: number, bottom: number): number[] {
  // Sorted before they are held to the plot, so that two beyond its edge keep their order.
  const order = ys.map((y, at) => ({ at, y })).sort((a, b) => a.y - b.y);
  for (const label of order) label.y = Math.min(bottom, Math.max(top, label.y));
  for (let i = 1; i < order.length; i++) {
    const [above, here] = [order[i - 1] as { y: number }, order[i] as { y: number }];
    here.y = Math.max(here.y, above.y + ROW_PX);
  }
  for (let i = order.length - 1; i >= 0; i--) {
    const here = order[i] as { y: number };
    const limit = i === order.length - 1 ? bottom : (order[i + 1] as { y: number }).y - ROW_PX;
    here.y = Math.min(here.y, limit);
  }
  const out: number[] = new Array(ys.length).fill(0);
  for (const { at, y } of order) out[at] = y;
  return out;
}
