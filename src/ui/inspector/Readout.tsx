import { useEffect, useState } from 'react';

import type { StageTensor, StageVector } from '../../run/run';
import { MINUS, number } from '../format';
import { useCrosshair } from '../heatmap/crosshair';
import type { Cell } from '../lab-props';
import { Sym } from '../symbol/Symbol';

interface ReadoutProps {
  readonly id: string;
  readonly stage: StageTensor;
  /** Stages on the same axes, the shown one among them. */
  readonly family: readonly StageTensor[];
  /** Vectors along one of the stage's axes. */
  readonly vectors: readonly StageVector[];
  readonly axisNames: Readonly<Record<string, string>>;
  /** The cell when nothing is under the pointer. */
  readonly cell: readonly [row: number, col: number];
}

const inside = (index: number | undefined, length: number, other: number): number => (index !== undefined && index < length ? index : other);

/** Indices, the value, and the same cell in every stage of the family: always the run's own numbers, never the display's. */
export function Readout({ id, stage, family, vectors, axisNames, cell }: ReadoutProps) {
  const crosshair = useCrosshair();
  const [hovered, setHovered] = useState<Cell>();
  useEffect(() => crosshair.subscribe(setHovered), [crosshair]);
  const [rowAxis, colAxis] = stage.axes;
  const row = inside(hovered?.[rowAxis], stage.rows, cell[0]);
  const rgb = stage.family === 'rgb';
  const col = inside(hovered?.[colAxis], rgb ? stage.cols / 3 : stage.cols, cell[1]);
  const at = (s: StageTensor): number => s.data[row * s.cols + col] ?? Number.NaN;
  const code = stage.codes?.[row * stage.cols + col];
  return (
    <p className="readout" id={id}>
      {axisNames[rowAxis]} <Sym text={rowAxis} /> = <b>{row}</b>, {axisNames[colAxis]} <Sym text={colAxis} /> = <b>{col}</b>: <Sym text={stage.symbol} /> = <b>{rgb ? Array.from(stage.data.subarray(row * stage.cols + 3 * col, row * stage.cols + 3 * col + 3), (v) => number(v)).join(', ') : number(at(stage))}</b>
      {code !== undefined && <>, code <b>{code < 0 ? MINUS : ''}{Math.abs(code)}</b></>}
      <br />
      {[...family.filter((s) => s.id !== stage.id).map((s) => ({ key: s.id, symbol: s.symbol, label: s.symbol === stage.symbol ? s.name : '', value: at(s) })),
        ...vectors.map((v) => ({ key: v.id, symbol: `${v.symbol}_${v.axis}`, label: '', value: v.data[v.axis === rowAxis ? row : col] ?? Number.NaN }))]
        .map(({ key, symbol, label, value }, i) => (
          <span key={key}>{i > 0 && ' · '}<Sym text={symbol} />{label && ` ${label}`} {number(value)}</span>
        ))}
    </p>
  );
}
