/** A Run's numbers as JSON, in the command line's shape; tensors go into .safetensors instead. */

import type { Run } from '../../run/run';
import { originOf } from './origin';

export function runToJson(run: Run, link?: string): string {
  const { lab, params, engine, device, methods, scalars, claims, provenance, sweeps, landscapes, traffic, kernels, ceilings, notices, stageTimes } = run;
  return JSON.stringify(
    {
      lab, params, engine, device,
      metrics: {
        methods: methods.map(({ id, relativeError, sqnrDb, bitsPerWeight }) => ({ id, relativeError, sqnrDb, bitsPerWeight })),
        ...scalars,
      },
      claims: claims.map(({ id, holds, statement, numbers }) => ({ id, holds, statement, numbers })),
      provenance: { ...provenance, link: originOf(run, link).link },
      sweeps, landscapes, traffic, kernels, ceilings, notices, stageTimes,
    },
    null,
    2,
  );
}
