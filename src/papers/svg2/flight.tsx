/** The permutation itself: tokens travel from their place in the video to their place in cluster order. */

import { useMemo, useRef, useState } from 'react';

import type { Run, StageTensor } from '../../run/run';
import type { NumberField } from '../../run/schema';
import { useWidth } from '../../ui/charts/useWidth';
import { Slider } from '../../ui/controls/Slider';
import { count } from '../../ui/format';
import { planAxis } from '../../ui/heatmap/axes';
import { Heatmap } from '../../ui/heatmap/Heatmap';
import type { MapTheme } from '../../ui/color/maps';
import { Panel } from '../../ui/panels/Panel';
import { Ramp } from '../../ui/strip/Ramp';
import { videoOf, type Scales } from './display';
import { FlightCanvas } from './flight-canvas';
import { useFlightClock } from './flight-clock';
import { planFlight } from './flight-paths';
import { whole } from './headline';

type Side = 'q' | 'k';
const SIDES = [['q', 'Queries', 'query'], ['k', 'Keys', 'key']] as const;
const TIME: NumberField = { kind: 'int', group: '', label: 'From place order to cluster order', help: '', min: 0, max: 100, step: 1, default: 0 };

/** Strip units of a map. */
const LARGE = 256;

interface FlightProps extends Pick<Run, 'stages' | 'vectors' | 'scalars'> {
  readonly scales: Scales;
  readonly theme: MapTheme;
  readonly token: number;
  readonly onPick: (token: number) => void;
}

/** The video's part of an order and of its clusters: text stands behind both. */
function sortedOf({ stages, vectors }: Pick<Run, 'stages' | 'vectors'>, side: Side) {
  const [labels, order, size] = [stages[`label_${side}`]?.data, vectors[`order_${side}`]?.data, vectors[`size_${side}`]?.data];
  if (!labels || !order || !size) return undefined;
  let [clusters, tokens] = [0, 0];
  while (tokens < labels.length) tokens += size[clusters++]!;
  return { labels, order: order.subarray(0, labels.length), sizes: size.subarray(0, clusters), paint: vectors[`paint_${side}`]?.data };
}

export function Flight({ stages, vectors, scalars, scales, theme, token, onPick }: FlightProps) {
  const [box, width] = useWidth<HTMLDivElement>(948);
  const panel = useRef<HTMLDivElement>(null);
  const clock = useFlightClock(panel);
  const [side, setSide] = useState<Side>('q');
  const sorted = useMemo(() => sortedOf({ stages, vectors }, side), [stages, vectors, side]);
  const plan = useMemo(() => {
    const video = videoOf(stages);
    return video && sorted && planFlight({ frames: video.frames, rows: video.side, cols: video.side, order: sorted.order, sizes: sorted.sizes, width });
  }, [stages, sorted, width]);
  if (!sorted || !plan) return null;
  const { order, sizes, labels, paint } = sorted;
  const clusters = sizes.filter((n) => n > 0).length;
  const [, , name] = SIDES.find(([id]) => id === side)!;
  const { at, playing } = clock;
  const where = at === 0 ? 'by place' : at === 1 ? 'by cluster' : `${Math.round(100 * at)} % of the way`;
  const tiles = (order: 'Place' | 'Cluster'): string => whole(scalars[`active16${order}`]);
  return (
    <Panel title="Permute" note={`${count(order.length, 'token')}, ${count(clusters, `${name} cluster`)}; ${stages['q_class'] ? 'clusters of one meaning share a colour' : 'colour: the cluster'}`} id="flight">
      <div ref={panel}>
        <div ref={box} className="flight-tokens">
          <FlightCanvas
            plan={plan} order={order} labels={labels} paint={paint} at={at} theme={theme} token={token} onPick={onPick}
            label={`Tokens ${where}, coloured by ${name} cluster`}
          />
        </div>
        <div className="flight-bar">
          <button type="button" className="button button-outline" onClick={playing ? clock.pause : clock.play}>{playing ? 'Pause' : at >= 1 ? 'Replay' : 'Play'}</button>
          <span aria-hidden="true">by place</span>
          <Slider name="flight" label={TIME.label} field={TIME} value={Math.round(100 * at)} valueText={where} onMove={(to) => clock.scrub(to / 100)} />
          <span aria-hidden="true">by cluster</span>
          <div className="flight-sides" role="group" aria-label="Tokens shown">
            {SIDES.map(([id, label]) => <button key={id} type="button" aria-pressed={id === side} onClick={() => setSide(id)}>{label}</button>)}
          </div>
        </div>
        <div className="flight-maps">
          <Map stage={stages['map']} on={at < 0.5} caption="Attention by place" {...{ scales, theme }} />
          <Map stage={stages['map_sorted']} on={at >= 0.5} caption="The same attention by cluster" {...{ scales, theme }} />
          <div className="flight-words">
            <Ramp symbols="A" scale={scales.attention} theme={theme} />
            <p>Rows are queries, columns keys; ink is attention, in units of even attention.</p>
            <p>A permutation of queries and one of keys move every number and change none. What was spread over the map then lies in blocks, and a kernel can leave out the rest.</p>
            <p>Tiles of 16 × 16 pairs that hold a kept pair: <b>{tiles('Place')}</b> by place, <b>{tiles('Cluster')}</b> by cluster.</p>
          </div>
        </div>
      </div>
    </Panel>
  );
}

function Map({ stage, on, caption, scales, theme }: { readonly stage?: StageTensor; readonly on: boolean; readonly caption: string; readonly scales: Scales; readonly theme: MapTheme }) {
  const [rows, cols] = useMemo(() => [planAxis(stage?.rows ?? 1, LARGE), planAxis(stage?.cols ?? 1, LARGE)], [stage?.rows, stage?.cols]);
  if (!stage) return null;
  return (
    <figure data-on={on}>
      <Heatmap data={stage.data} rows={rows} cols={cols} scale={scales.attention} theme={theme} />
      <figcaption>{caption}</figcaption>
    </figure>
  );
}
