/** The pipeline strip: the method's real data flow, every tile a tensor of the run. */

import { useCallback, useMemo } from 'react';

import type { Run, StageTensor } from '../../run/run';
import { planAxis } from '../../ui/heatmap/axes';
import type { Cell, LabProps } from '../../ui/lab-props';
import { Place, Steps } from '../../ui/strip/Place';
import type { StripProps as StripOf } from '../../ui/strip/props';
import { Tile, type Picture } from '../../ui/strip/Tile';
import { Wires } from '../../ui/strip/WireLayer';
import { FRAME_TILES, MAP_TILES, paintOf, pickedOf, scaleOf, standing, TILE_NAMES, videoOf, type Picked, type Scales } from './display';
import { FrameTile } from './frame-tile';
import { BASELINE, Headline, HERO, whole } from './headline';
import { mapPixels, sharePixels } from './kept-paint';
import { Legend } from './legend';
import { Painted } from './painted';
import { RowTile } from './row-tile';
import { wiringOf } from './wires';
import '../../ui/strip/strip.css';
import './strip.css';

const STEPS = [
  ['Given', 'Q, K, V'],
  ['Cluster', 'min ‖x − c‖²'],
  ['Map', 'P_{ij} ∝ n_j exp(q_i·k_j)'],
  ['Permute', 'A[π_q, π_k]'],
  ['Attend', '^O = softmax(kept) V'],
  ['Compare', 'E = ^O − O'],
] as const;

export type StripProps = StripOf<Scales> & Pick<LabProps, 'setParams'>;

/** What stands at the right under a picture. */
function captionOf({ scalars, methods }: Pick<Run, 'scalars' | 'methods'>, stage: StageTensor): string {
  const errorOf = (id: string): string => whole(methods.find((m) => m.id === id)?.relativeError);
  const captions: Readonly<Record<string, string>> = {
    pixels: `${scalars['frames']} frames`, q_class: '', k_class: '', k: `${stage.rows} × ${stage.cols}`, label_q: `${scalars['queryClusters']}`, label_k: `${scalars['keyClusters']}`,
    probability: `${stage.rows} × ${stage.cols}`, kept: `16-tiles ${whole(scalars['active16Place'])}`, kept_sorted: `16-tiles ${whole(scalars['active16Cluster'])}`,
    e_token: errorOf(HERO), e_token_place: errorOf(BASELINE), look_dense: '', look_kept: whole(scalars['rowRecall']),
  };
  return captions[stage.id] ?? (stage.family === 'attention' ? `${scalars['tokens'] ?? stage.rows}²` : stage.format);
}

/** What the picked token sees, in words. */
function Token({ picked, scalars }: { readonly picked: Picked; readonly scalars: Run['scalars'] }) {
  const { frame, x, y, queryCluster, token } = picked;
  return (
    <div className="token-words">
      <b>Token {token}</b>
      <span>frame {frame}, x {x}, y {y}</span>
      <span>query cluster {queryCluster}</span>
      <span>keeps {whole(scalars['rowDensity'])} of keys,</span>
      <span>{whole(scalars['rowRecall'])} of its attention</span>
    </div>
  );
}

export function Strip({ run, pinned, scales, theme, present, stressed, selection, setSelection, setParams }: StripProps) {
  const { stages, vectors, scalars } = run;
  const video = useMemo(() => videoOf(stages), [stages]);
  const wanted = Number(run.params['token'] ?? 0);
  const picked = useMemo(() => pickedOf(stages, wanted), [stages, wanted]);
  const pictures = useMemo(() => Object.fromEntries(MAP_TILES.flatMap((place): [string, Picture][] => {
    const stage = standing(stages, place);
    return stage ? [[stage.id, { stage: { ...stage, name: TILE_NAMES[stage.id] ?? stage.name }, rows: planAxis(stage.rows), cols: planAxis(stage.cols), scale: scaleOf(scales, stage), factor: 1 }]] : [];
  })), [stages, scales]);
  const overlays = useMemo(() => {
    const [probability, choice] = [stages['probability'], stages['kept_map']];
    return {
      probability: probability && choice && mapPixels(probability.data, choice.data.subarray(0, probability.data.length), scales.probability, theme),
      kept: stages['kept'] && sharePixels(stages['kept'].data, theme),
      kept_sorted: stages['kept_sorted'] && sharePixels(stages['kept_sorted'].data, theme),
    } as Readonly<Record<string, Uint32Array | undefined>>;
  }, [stages, scales, theme]);
  const frameScales = useMemo(() => Object.fromEntries(FRAME_TILES.flatMap((place) => {
    const stage = standing(stages, place);
    return stage ? [[stage.id, scaleOf(scales, stage)]] : [];
  })), [stages, scales]);

  const select = useCallback((stage: string, cell?: Cell): void => {
    setSelection({ stage, cell: cell ? { ...selection.cell, ...cell } : selection.cell });
    const [cluster, token] = [cell?.['cq'], cell?.['t']];
    // A row of the centroid map stands for the token nearest to its centroid.
    const next = token ?? (cluster === undefined ? undefined : vectors['token_q']?.data[cluster]);
    if (next !== undefined && next >= 0) setParams({ token: next });
  }, [selection, setSelection, setParams, vectors]);
  const pick = useCallback((stage: string, token?: number): void => select(stage, token === undefined ? undefined : { t: token }), [select]);
  const pins: Cell = picked ? { cq: picked.queryCluster, t: picked.token } : {};
  const layout = JSON.stringify([present, video, Object.values(pictures).map(({ rows, cols }) => [rows.extent, cols.extent]), stages['k_class'] !== undefined]);

  return (
    <section className="strip-box" aria-label="Pipeline">
      <div className="strip svg2" id="strip" data-present={present}>
        <Steps steps={STEPS} stressed={stressed} />
        {video && FRAME_TILES.map((place) => {
          const stage = standing(stages, place);
          return stage && (
            <Place key={stage.id} place={place}>
              <FrameTile
                stage={stage} video={video} scale={frameScales[stage.id]!} paint={paintOf(vectors, stage.id)} theme={theme} name={TILE_NAMES[stage.id]}
                selected={selection.stage === stage.id} token={picked?.token} caption={captionOf(run, stage)} pick={pick}
              />
            </Place>
          );
        })}
        {MAP_TILES.map((place) => {
          const stage = standing(stages, place);
          const [picture, overlay] = [pictures[stage?.id ?? ''], overlays[stage?.id ?? '']];
          if (!picture || !stage) return null;
          return (
            <Place key={stage.id} place={place}>
              <Tile picture={picture} theme={theme} selected={selection.stage === stage.id} pins={pins} caption={captionOf(run, stage)} select={select}>
                {overlay && <Painted pixels={overlay} cols={stage.cols} />}
              </Tile>
            </Place>
          );
        })}
        {picked && <Place place={{ column: 3, row: 'B', order: 32 }}><RowTile vectors={vectors} scalars={scalars} cluster={picked.queryCluster} /></Place>}
        {picked && <Place place={{ column: 3, row: 'C', order: 55 }} kind="token"><Token picked={picked} scalars={scalars} /></Place>}
        <Headline run={run} pinned={pinned} />
        <Legend scales={scales} scalars={scalars} theme={theme} heads={stages['pixels'] && run.provenance.inputs['heads']} />
        <Wires key={layout} wiring={wiringOf} />
      </div>
    </section>
  );
}
