/** Rounds a value, divided by its group's scale, to the nearest level of a format. */

import { encodeE2m1, decodeE2m1, encodeNf4, decodeNf4 } from '../../kernels/formats';
import { roundHalfEven } from '../../kernels/round';
import { largestCode, type Format } from './format';

export function nearestLevel(format: Format): (ratio: number) => number {
  switch (format.kind) {
    case 'nvfp4':
    case 'mxfp4': return (ratio) => decodeE2m1(encodeE2m1(ratio, format.ties));
    case 'nf4': return (ratio) => decodeNf4(encodeNf4(ratio));
    default: {
      const most = largestCode(format.kind === 'int' ? format.bits : 4);
      return (ratio) => Math.max(-most, Math.min(most, roundHalfEven(ratio)));
    }
  }
}
