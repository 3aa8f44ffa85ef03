/** One row of the centroid map, sorted: what its query cluster keeps until the sum passes p. As wide as a tile, and as high. */

import type { Run } from '../../run/run';
import { MassChart } from '../../ui/charts/MassChart';
import { useWidth } from '../../ui/charts/useWidth';
import { Sym } from '../../ui/symbol/Symbol';

/** Lower than this a chart has no room for its line. */
const LOW = 48;

export const keptIn = (kept: ArrayLike<number>): number => Array.from(kept).filter((k) => k > 0).length;

export function RowTile({ vectors, scalars, cluster }: Pick<Run, 'vectors' | 'scalars'> & { readonly cluster: number }) {
  const [box, width] = useWidth<HTMLDivElement>(128);
  const { row_probability: row, row_kept: kept } = vectors;
  if (!row || !kept) return null;
  const count = keptIn(kept.data);
  return (
    <>
      <div ref={box} data-wire="row"><MassChart compact values={row.data} kept={count} p={scalars['topP']} height={Math.max(LOW, width)} /></div>
      <div className="strip-cap"><span><Sym text="P" /> <b>Row {cluster}</b></span><span>{count} of {row.data.length}</span></div>
    </>
  );
}
