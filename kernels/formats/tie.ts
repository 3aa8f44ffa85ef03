/**
 * Where a value lies exactly between two representable ones:
 * `larger` takes the larger VALUE (−0.25 → 0), as DeepCompressor's codebook search does (csrc/quantize/quantize.cu);
 * `even` takes the one with the even mantissa, as the hardware's conversions do (cvt.rn).
 */
export type Tie = 'larger' | 'even';
