/** What is kept of W, to scale: the outline is 16 bits per weight, its filled part what is stored. */

import type { Run } from '../../run/run';
import { bits, bytes } from '../../ui/format';
import type { AxisPlan } from '../../ui/heatmap/axes';
import { TILE } from '../../ui/heatmap/axes';

const SIXTEEN = 16;
/** Up to so many bits the parts are named beside the filled area. */
const ROOMY = 6.6;

interface Part {
  readonly id: 'codes' | 'book' | 'sparse' | 'rows';
  readonly label: string;
  readonly bits: number;
}

/** What is stored, in bits per weight of this matrix. The paper leaves out the row pointers, which a small matrix feels. */
export function partsOf({ bits: code, codebookBits = 0, sparseBits = 0, rowptrBits = 0 }: Run['scalars']): readonly Part[] {
  return [
    { id: 'codes', label: 'codes', bits: code ?? 0 },
    { id: 'book', label: 'LUT', bits: codebookBits },
    { id: 'sparse', label: 'sparse', bits: sparseBits },
    { id: 'rows', label: 'rowptr', bits: rowptrBits },
  ];
}

export const storedBits = (scalars: Run['scalars']): number => partsOf(scalars).reduce((sum, part) => sum + part.bits, 0);

/** 'codes 3.00, LUT 0.89, sparse 0.21 of 16 bits per weight' */
function spokenParts(parts: readonly Part[]): string {
  return `${parts.map((p) => `${p.label} ${bits(p.bits)}`).join(', ')} of ${SIXTEEN} bits per weight`;
}

/** @param height of the pictures beside it, in strip units */
export function Gauge({ scalars, height }: { readonly scalars: Run['scalars']; readonly height: AxisPlan }) {
  const parts = partsOf(scalars);
  const total = storedBits(scalars);
  // A small matrix with many levels may need more than it had: the 16-bit mark then stands inside.
  const whole = Math.max(SIXTEEN, total);
  return (
    <>
      <div className="stored" data-wire="stored" role="img" aria-label={`Stored: ${spokenParts(parts)}`} style={{ width: `calc(${TILE} * var(--u))`, height: `calc(${height.extent} * var(--u))` }}>
        {parts.map((p) => <i key={p.id} data-part={p.id} style={{ width: `${(100 * p.bits) / whole}%` }} />)}
        {total < ROOMY && <ul className="stored-parts" aria-hidden="true">{parts.map((p) => <li key={p.id}>{p.label} <b>{bits(p.bits)}</b></li>)}</ul>}
        {whole > SIXTEEN && <u style={{ left: `${(100 * SIXTEEN) / whole}%` }} />}
      </div>
      <div className="strip-cap"><b>Stored</b><span>{bits(total)} of {SIXTEEN} bits</span></div>
    </>
  );
}

/** The levels and the sparse entries on their way around the codes: each label stands on its wire. */
export function Carried({ scalars, book, height }: { readonly scalars: Run['scalars']; readonly book: AxisPlan; readonly height: AxisPlan }) {
  const { codebookBytes, csrBytes } = scalars;
  return (
    <div className="carried" style={{ height: `calc(${height.extent} * var(--u))` }}>
      <span data-wire="lut" data-part="book" style={{ top: `calc(${book.extent / 2} * var(--u))` }}><i />LUT {codebookBytes === undefined ? '' : bytes(codebookBytes)}</span>
      <span data-wire="csr" data-part="sparse" style={{ top: `calc(${height.extent - 12} * var(--u))` }}><i />CSR {csrBytes === undefined ? '' : bytes(csrBytes)}</span>
    </div>
  );
}
