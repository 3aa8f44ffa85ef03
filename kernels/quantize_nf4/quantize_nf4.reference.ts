import type { Dims } from '../define';
import { encodeNf4 } from '../formats';
import { packGroups } from '../formats/pack';

/** x: [M,K]. Codes and the groups' largest magnitudes. */
export function quantizeNf4Reference({ x }: { x: Float32Array }, { M, K, G }: Dims): { codes: Uint32Array; scales: Float32Array } {
  return packGroups(x, M, K, G, (absmax) => {
    const scale = absmax || 1;
    return { scale, encode: (v) => encodeNf4(Math.fround(v / scale)) };
  });
}
