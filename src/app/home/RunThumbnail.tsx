import { useEffect, useRef } from 'react';
import type { MapKind } from '../../ui/color/maps';
import { blockMax } from '../../ui/color/reduce';
import { makeScale, maxAbs, quantileAbs } from '../../ui/color/scale';
import { paintGrid } from '../../ui/heatmap/paint';
import { storedRun } from '../lab/stored';
import { usePage } from '../page-store';

const cards = import.meta.glob<{ cardStages: readonly string[]; cardMap?: MapKind }>('../../papers/*/card.ts', { eager: true });
const LARGEST = 256;
const NONE: readonly string[] = [];

/** A few stages of a lab's stored run, side by side on one scale. */
export function RunThumbnail({ lab, preset }: { readonly lab: string; readonly preset: string }) {
  const box = useRef<HTMLDivElement>(null);
  const theme = usePage((page) => page.theme);
  const { cardStages: stages = NONE, cardMap = 'signed' } = cards[`../../papers/${lab}/card.ts`] ?? {};
  useEffect(() => {
    let gone = false;
    void storedRun(lab, preset).then((run) => {
      const canvases = box.current?.querySelectorAll('canvas');
      if (gone || !run || !canvases) return;
      const shown = stages.flatMap((id) => run.stages[id] ?? []);
      if (shown.length === 0) return;
      const most = Math.max(...shown.map((stage) => maxAbs(stage.data)));
      // Ink shows both the ground and the peaks of attention, in units of even attention.
      const scale = cardMap === 'signed' ? makeScale('signed', most, 4.2 * quantileAbs(shown[0].data, 0.5)) : makeScale(cardMap, most, 1, 'asinh');
      shown.forEach(({ data, rows, cols }, i) => {
        paintGrid(canvases[i], blockMax(data, rows, cols, Math.ceil(rows / LARGEST), Math.ceil(cols / LARGEST)), scale, theme);
      });
    });
    return () => {
      gone = true;
    };
  }, [lab, preset, stages, cardMap, theme]);
  return <div ref={box} className="thumbnail thumbnail-run" aria-hidden="true">{stages.map((id) => <canvas key={id} width={1} height={1} />)}</div>;
}
