/** How large the clusters are, and the row of the centroid map that the picked token's cluster reads. */

import { useMemo } from 'react';

import type { Run } from '../../run/run';
import { MassChart } from '../../ui/charts/MassChart';
import { SizesChart } from '../../ui/charts/SizesChart';
import { count } from '../../ui/format';
import { keptIn } from './row-tile';

/** Edge of the tiles whose filling the sizes decide. */
const TILE_SIDE = 16;

export function Sizes({ vectors, scalars }: Pick<Run, 'vectors' | 'scalars'>) {
  const series = useMemo(() => {
    const own = (id: string, clusters: number | undefined): Float32Array | undefined => vectors[id]?.data.subarray(0, clusters);
    const [q, k] = [own('size_q', scalars['queryClusters']), own('size_k', scalars['keyClusters'])];
    return q && k ? [{ id: 'q', label: 'Query clusters', slot: 'hero' as const, sizes: q }, { id: 'k', label: 'Key clusters', slot: 'svd' as const, sizes: k }] : [];
  }, [vectors, scalars]);
  return series.length ? <SizesChart title="Cluster sizes" note="a cluster smaller than a tile wastes part of it" series={series} tile={TILE_SIDE} unit="tokens" /> : null;
}

export function RowMass({ vectors, scalars }: Pick<Run, 'vectors' | 'scalars'>) {
  const { row_probability: row, row_kept: kept, row_cluster: ids, size_k: sizes } = vectors;
  if (!row || !kept || !ids || !sizes) return null;
  const { topP = 1, minKept = 0, clusterQ = 0 } = scalars;
  return (
    <MassChart
      title={`What query cluster ${clusterQ} keeps`} note="estimated from centroids" values={row.data} kept={keptIn(kept.data)}
      p={topP} floor={Math.floor((minKept / 100) * row.data.length)} names={(i) => `key cluster ${ids.data[i]}, ${count(sizes.data[ids.data[i]!] ?? 0, 'token')}`}
    />
  );
}
