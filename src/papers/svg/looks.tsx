/** Over the strip: the video as frames, and where the picked query looks in all of them, with every key and with those that are kept. */

import { memo, useMemo, type ReactNode } from 'react';

import type { Run } from '../../run/run';
import type { MapTheme } from '../../ui/color/maps';
import { count, percent } from '../../ui/format';
import type { SetParams } from '../../ui/lab-props';
import type { FrameGrid } from '../../ui/video/frames';
import { FrameStrip, type FrameLayer } from '../../ui/video/FrameStrip';
import { pickedQuery, type Scales } from './display';
import { schema } from './params';
import './looks.css';

interface LooksProps {
  readonly run: Run;
  readonly scales: Scales;
  readonly theme: MapTheme;
  readonly setParams: SetParams;
  /** More rows of frames, large enough to tap. */
  readonly phone?: boolean;
  /** Presented over the strip: the lesson's bar must stay on the screen. */
  readonly present?: boolean;
}

/** Pixels of a token where height is short. */
const LOW = 6;
/** More frames than these take two rows. */
const MANY = 16;

/** Said wherever heads of a real or drawn video are shown. */
const PROJECTED = 'Patch features through fixed random projections, not a trained model.';

interface Seen {
  readonly keys: number;
  /** Share of the query's attention that they hold. */
  readonly mass: number;
  /** 1 where a key is dropped. */
  readonly dropped: Uint8Array;
}

/** Which keys of the video the query keeps, and what of its dense attention lies on them and on the text. */
function seenOf(look: Float32Array, kept: Float32Array, text: number): Seen {
  const dropped = new Uint8Array(kept.length);
  let [keys, mass] = [0, text];
  for (let i = 0; i < kept.length; i += 1) {
    if (kept[i] > 0) {
      keys += 1;
      mass += look[i];
    } else dropped[i] = 1;
  }
  return { keys, mass: Math.min(1, mass), dropped };
}

function Row({ title, says, children }: { readonly title: string; readonly says: ReactNode; readonly children: ReactNode }) {
  return (
    <div className="looks-row">
      <div className="looks-says"><h3>{title}</h3><p>{says}</p></div>
      {children}
    </div>
  );
}

export const Looks = memo(({ run, scales, theme, setParams, phone = false, present = false }: LooksProps) => {
  const { stages, scalars, params } = run;
  const { pixels, look, look_kept: kept } = stages;
  const { frames = 1, grid = 1, text = 0, lookText = 0, lookTextKept = 0, picture = 0 } = scalars;
  const query = pickedQuery({ params, scalars });
  const plain = useMemo<FrameGrid>(() => ({ frames, rows: grid, cols: grid }), [frames, grid]);
  const across = pixels ? pixels.cols / 3 : grid;
  const detailed = useMemo<FrameGrid>(() => ({ ...plain, detail: Math.max(1, Math.round(across / grid)) }), [plain, across, grid]);
  const layers = useMemo<Partial<Record<'pixels' | 'look' | 'kept', FrameLayer>>>(() => ({
    ...(pixels && { pixels: { kind: 'pixels', data: pixels.data } }),
    ...(look && { look: { kind: 'ink', data: look.data, scale: scales.look } }),
    ...(kept && { kept: { kind: 'ink', data: kept.data, scale: scales.look } }),
  }), [pixels, look, kept, scales.look]);
  const seen = useMemo(() => (look && kept ? seenOf(look.data, kept.data, lookTextKept > 0 ? lookText : 0) : undefined), [look, kept, lookText, lookTextKept]);
  if (!pixels || !look || !kept || !layers.pixels || !layers.look || !layers.kept || !seen) return null;
  const onPick = (token: number): void => setParams({ frame: schema.frame.min + Math.floor(token / grid ** 2), place: schema.place.min + (token % grid ** 2) });
  const shared = { token: query.video, onPick, axis: 't', theme, maxRows: frames > MANY ? 2 : 1, ...(present && { maxCell: LOW }) };
  const [taps, looks] = phone ? [{ perRow: 4 }, { perRow: 8 }] : [{}, {}];
  const shareAt = (data: Float32Array) => (token: number): string => `${percent(data[token] ?? 0, 2)} of the attention`;
  const onText = text > 0 ? `, ${percent(lookText, 0)} on text` : '';
  return (
    <section className="looks" aria-label="The video as frames, and where the query looks">
      <Row title="Pick a query" says={picture ? `${frames} frames, ${grid} × ${grid} patches` : <>{frames} frames, {grid} × {grid} tokens<br />a colour for each place</>}>
        <FrameStrip grid={detailed} layer={layers.pixels} label="Frames of the video" readout={false} caption={picture ? PROJECTED : undefined} {...shared} {...taps} />
      </Row>
      <Row title="It looks at" says={<>all {count(frames * grid ** 2 + text, 'key')}, densely{onText}</>}>
        <FrameStrip grid={plain} layer={layers.look} label="Attention of the query, dense" describe={shareAt(look.data)} numbers={false} readout={false} ramp={false} {...shared} {...looks} />
      </Row>
      <Row title="It keeps" says={<><b>{count(seen.keys + (lookTextKept > 0 ? text : 0), 'key')}</b>: {percent(seen.mass, 0)} of it</>}>
        <FrameStrip grid={plain} layer={layers.kept} label="Attention of the query over the keys that are kept" muted={seen.dropped} describe={shareAt(kept.data)} numbers={false} {...shared} {...looks} />
      </Row>
    </section>
  );
});
