/** What is kept of W, to scale: the outline is 16 bits per weight, its filled part what is stored. */

import type { Run } from '../../run/run';
import { bits, bytes } from '../../ui/format';
import type { AxisPlan } from '../../ui/heatmap/axes';
import { TILE } from '../../ui/heatmap/axes';
import { Sym } from '../../ui/symbol/Symbol';

const SIXTEEN = 16;

interface Part {
  readonly id: 'codes' | 'book' | 'sparse';
  readonly label: string;
  readonly bits: number;
}

/** The three parts of what is stored, in bits per weight of this matrix. */
export function partsOf({ bits: code, codebookBits = 0, sparseBits = 0, rowptrBits = 0 }: Run['scalars']): readonly Part[] {
  return [
    { id: 'codes', label: 'codes', bits: code ?? 0 },
    { id: 'book', label: 'levels', bits: codebookBits },
    { id: 'sparse', label: 'sparse', bits: sparseBits + rowptrBits },
  ];
}

export const storedBits = (scalars: Run['scalars']): number => partsOf(scalars).reduce((sum, part) => sum + part.bits, 0);

/** 'codes 3.00, levels 0.89 and sparse 0.24 of 16 bits per weight' */
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
        <span className="stored-rest"><b>{bits(total)}</b> of {SIXTEEN} bits</span>
        {whole > SIXTEEN && <u style={{ left: `${(100 * SIXTEEN) / whole}%` }} />}
      </div>
      <div className="strip-cap"><b>Stored</b><span>{bytes(Math.round(sizeOf(scalars)))}</span></div>
    </>
  );
}

const sizeOf = ({ codeBytes = 0, codebookBytes = 0, csrBytes = 0 }: Run['scalars']): number => codeBytes + codebookBytes + csrBytes;

/** The levels and the sparse entries on their way around the codes: each label stands on its wire. */
export function Carried({ scalars, book, height }: { readonly scalars: Run['scalars']; readonly book: AxisPlan; readonly height: AxisPlan }) {
  const { codebookBytes, csrBytes, nnz } = scalars;
  return (
    <div className="carried" style={{ height: `calc(${height.extent} * var(--u))` }}>
      <span data-wire="lut" data-part="book" style={{ top: `calc(${book.extent / 2} * var(--u))` }}><i />LUT {codebookBytes === undefined ? '' : bytes(codebookBytes)}</span>
      <span data-wire="csr" data-part="sparse" style={{ top: `calc(${height.extent - 12} * var(--u))` }}><i />CSR {csrBytes === undefined ? '' : bytes(csrBytes)}</span>
      <p className="carried-note">{nnz === undefined ? null : <>{nnz} of <Sym text="w" /> kept,<br />16-bit value and 32-bit column each</>}</p>
    </div>
  );
}
