/** The whole video: its clusters, what the picked token looks at, and where the output is wrong. */

import { useMemo } from 'react';

import type { Run } from '../../run/run';
import { useWidth } from '../../ui/charts/useWidth';
import type { MapTheme } from '../../ui/color/maps';
import { count, number, percent } from '../../ui/format';
import { Panel } from '../../ui/panels/Panel';
import { FrameStrip, type FrameLayer } from '../../ui/video/FrameStrip';
import { detailOf, pickedOf, videoOf, type Scales } from './display';

interface FramesPanelProps extends Pick<Run, 'stages' | 'vectors' | 'scalars'> {
  readonly scales: Scales;
  readonly theme: MapTheme;
  readonly token: number;
  readonly onPick: (token: number) => void;
  /** Where the heads come from. */
  readonly heads: string;
}

const NONE: ReadonlySet<number> = new Set();
/** Px from which all frames stand in one line. */
const ROOMY = 760;

export function FramesPanel({ stages, vectors, scalars, scales, theme, token, onPick, heads }: FramesPanelProps) {
  const [box, width] = useWidth<HTMLDivElement>(948);
  const video = useMemo(() => videoOf(stages), [stages]);
  const picked = useMemo(() => pickedOf(stages, token), [stages, token]);
  const grid = useMemo(() => video && { frames: video.frames, rows: video.side, cols: video.side }, [video]);
  const pictures = useMemo(() => {
    const { pixels } = stages;
    return pixels && video && { grid: { frames: video.frames, rows: video.side, cols: video.side, detail: detailOf(pixels, video) }, layer: { kind: 'pixels', data: pixels.data } as const };
  }, [stages, video]);
  const layers = useMemo((): Readonly<Record<'q' | 'k' | 'look' | 'error', FrameLayer>> | undefined => {
    const { label_q: q, label_k: k, look_dense: look, e_token: error } = stages;
    if (!q || !k || !look || !error || !picked) return undefined;
    return {
      q: { kind: 'labels', data: q.data, count: scalars['queryClusters'] ?? 1, paint: vectors['paint_q']?.data, picked: picked.queryCluster, lit: NONE },
      k: { kind: 'labels', data: k.data, count: scalars['keyClusters'] ?? 1, paint: vectors['paint_k']?.data, lit: picked.kept },
      look: { kind: 'ink', data: look.data, scale: scales.look, symbol: 'A_i' },
      error: { kind: 'ink', data: error.data, scale: scales.et, symbol: '‖e_i‖' },
    };
  }, [stages, vectors, scalars, scales, picked]);
  const dropped = useMemo(() => {
    const labels = stages['label_k']?.data;
    return labels && picked && Uint8Array.from(labels, (label) => (picked.kept.has(label) ? 0 : 1));
  }, [stages, picked]);
  if (!grid || !picked || !layers || !dropped) return null;
  const { rowRecall, rowDensity } = scalars;
  const { look_dense: look, e_token: error, label_q: q, label_k: k } = stages as Readonly<Record<string, { data: Float32Array }>>;
  // Film strips: on a wide screen every frame stands under itself.
  const shared = { grid, theme, token: picked.token, onPick, axis: 't', ...(width >= ROOMY && { perRow: grid.frames }) };
  const sizeOf = (side: 'q' | 'k', label: number): number => vectors[`size_${side}`]?.data[label] ?? 0;
  return (
    <Panel title="Frames" note="pick a token: its cluster, and what its cluster keeps" id="frames">
      <div className="film" ref={box}>
        {pictures && <FrameStrip {...shared} {...pictures} label="Frames of the video" readout={false} caption={<><b>The video.</b> {heads}.</>} />}
        <FrameStrip
          {...shared} layer={layers.q} label="Frames, query clusters"
          caption={<><b>Query clusters.</b> Cluster {picked.queryCluster}, {count(sizeOf('q', picked.queryCluster), 'token')}, outlined.</>}
          describe={(i) => `query cluster ${q!.data[i]}, ${count(sizeOf('q', q!.data[i]!), 'token')}`}
        />
        <FrameStrip
          {...shared} layer={layers.k} label="Frames, key clusters"
          caption={<><b>Key clusters.</b> The {count(picked.kept.size, 'cluster')} kept; the others are faded.</>}
          describe={(i) => `key cluster ${k!.data[i]}, ${count(sizeOf('k', k!.data[i]!), 'token')}, ${dropped[i] ? 'dropped' : 'kept'}`}
        />
        <FrameStrip
          {...shared} layer={layers.look} muted={dropped} label="Frames, attention of the picked token"
          caption={<><b>Where the token looks.</b> {rowRecall !== undefined && rowDensity !== undefined && `${percent(rowRecall, 1)} of it falls on the ${percent(rowDensity, 1)} of the keys that are kept; hatched: dropped.`}</>}
          describe={(i) => `${percent(look!.data[i]!, 3)} of the attention`}
        />
        <FrameStrip
          {...shared} layer={layers.error} label="Frames, error of the output"
          caption={<><b>Error of the output,</b> per token, over the RMS length of <i>O</i>.</>}
          describe={(i) => number(error!.data[i]!)}
        />
      </div>
    </Panel>
  );
}
