import type { Dims, Scalars } from '../define';
import { encodeE2m1, mxScale, type Tie } from '../formats';
import { packGroups } from '../formats/pack';

/** x: [M,K]. Codes and power-of-two group scales. */
export function quantizeMxfp4Reference({ x }: { x: Float32Array }, { M, K }: Dims, { tieToEven }: Scalars): { codes: Uint32Array; scales: Float32Array } {
  const tie: Tie = tieToEven ? 'even' : 'larger';
  return packGroups(x, M, K, 32, (absmax) => {
    const scale = mxScale(absmax);
    return { scale, encode: (v) => encodeE2m1(v / scale, tie) };
  });
}
