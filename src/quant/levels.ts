/** How each format rounds a value divided by its group's scale: what GPTQ needs of a format. */

import { decodeE2m1, decodeNf4, encodeE2m1, encodeNf4 } from '../../kernels/formats';
import { symmetricCode } from '../../kernels/round';
import type { Format } from './format';
import type { Rounding } from './gptq';
import { largestCode } from './format';

export function roundingOf(format: Format): Rounding {
  switch (format.kind) {
    case 'nvfp4':
    case 'mxfp4': return { code: (quotient) => encodeE2m1(quotient, format.ties), level: decodeE2m1 };
    case 'nf4': return { code: encodeNf4, level: decodeNf4 };
    default: {
      const most = largestCode(format.kind === 'int' ? format.bits : 4);
      return { code: (quotient) => symmetricCode(quotient, 1, most), level: (code) => code };
    }
  }
}
