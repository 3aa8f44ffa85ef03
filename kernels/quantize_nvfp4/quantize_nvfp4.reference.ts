import type { Dims, Scalars } from '../define';
import { encodeE2m1, roundE4m3, E2M1_MAX, E4M3_MAX, type Tie } from '../formats';
import { packGroups } from '../formats/pack';

/** x: [M,K]. Codes and E4M3 group scales, by float32 division as the official code has it. */
export function quantizeNvfp4Reference({ x }: { x: Float32Array }, { M, K }: Dims, s: Scalars): { codes: Uint32Array; scales: Float32Array } {
  const tie: Tie = s.tieToEven ? 'even' : 'larger';
  const tensorScale = Math.fround(s.tensorScale ?? 1);
  return packGroups(x, M, K, 16, (absmax) => {
    const unrounded = Math.fround(Math.fround(absmax / E2M1_MAX) / tensorScale);
    const scale = roundE4m3(Math.min(unrounded, E4M3_MAX), tie) || 1;
    const byRounded = Math.fround(scale * tensorScale);
    const encode = s.divideByUnrounded && absmax > 0
      ? (v: number) => encodeE2m1((v * E2M1_MAX) / absmax, tie)
      : (v: number) => encodeE2m1(Math.fround(v / byRounded), tie);
    return { scale, encode };
  });
}
