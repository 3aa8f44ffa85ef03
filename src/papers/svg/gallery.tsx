/** Every head of the layer: its map, both errors, what it was judged to be, what it is, how often other rows agree. */

import { useMemo } from 'react';

import type { Run } from '../../run/run';
import type { MapTheme } from '../../ui/color/maps';
import { count, percent } from '../../ui/format';
import type { SetParams } from '../../ui/lab-props';
import { Panel } from '../../ui/panels/Panel';
import { HeadGallery } from '../../ui/video/HeadGallery';
import { perHead, type Scales } from './display';
import { HEAD_KINDS, METHODS, VERDICTS } from './names';

interface GalleryProps {
  readonly run: Run;
  readonly scales: Scales;
  readonly theme: MapTheme;
  readonly setParams: SetParams;
}

const MASKS = ['spatial', 'temporal'] as const;

/** 'made mixed; 97 %' */
const noteOf = (kind: string | undefined, agreement: number | undefined): string =>
  [kind && `made ${kind.toLowerCase()}`, agreement !== undefined && percent(agreement, agreement < 0.995 && agreement > 0.9 ? 1 : 0).replace(' ', '\u00a0')].filter(Boolean).join('; ');

export function Gallery({ run: { stages, vectors, scalars }, scales, theme, setParams }: GalleryProps) {
  const { heads = 1, head = 1, R = 0, agree, picture = 0 } = scalars;
  const shown = useMemo(() => Array.from({ length: heads }, (_, h) => {
    const thumb = stages[`thumb_${h + 1}`];
    const at = (id: string): number | undefined => perHead(vectors, id, h);
    const [verdict, oracle, kind] = [at('verdict'), at('oracle'), at('head_kind')];
    if (!thumb || verdict === undefined) return undefined;
    const made = kind === undefined ? undefined : HEAD_KINDS[kind];
    return {
      id: h + 1, label: `Head ${h + 1}`, map: { data: thumb.data, rows: thumb.rows, cols: thumb.cols }, scale: scales.attention,
      bars: MASKS.map((mask) => ({ label: mask, value: at(`${mask}_error`) ?? 0, slot: METHODS[mask].slot })),
      verdict: VERDICTS[verdict].toLowerCase(), ...(oracle !== undefined && { oracle: VERDICTS[oracle].toLowerCase() }),
      note: noteOf(picture ? made?.projected : made?.label, at('agreement')),
    };
  }).filter((h) => h !== undefined), [stages, vectors, heads, picture, scales.attention]);
  const todo = heads - shown.length;
  const note = todo > 0 ? `${shown.length} of ${heads} judged` : agree === undefined ? `${R} rows each` : `${R} rows each; ${agree} of ${heads} judged as all rows would`;
  return (
    <Panel title="Heads of the layer" note={note} id="heads">
      <HeadGallery heads={shown} current={head} onPick={(id) => setParams({ head: id })} theme={theme} measure="relativeError" />
      <p className="sub">
        Bars: error of {count(R, 'sampled row')} under either mask; the shorter one names the head. The share: how many of 400 other samples of as many rows name it as all rows do.
      </p>
    </Panel>
  );
}
