/** A Run's numbers as JSON, in the command line's shape; tensors go into .safetensors instead. */

import type { MethodResult, Run } from '../../run/run';
import { originOf } from './origin';

/** Where a lab measures more than the relative error; absent otherwise. */
const more = ({ bitsPerWeight, weightedError, loss, accuracy, density, recall, psnrDb }: MethodResult): object =>
  Object.fromEntries(Object.entries({ bitsPerWeight, weightedError, loss, accuracy, density, recall, psnrDb }).filter(([, value]) => value !== undefined));

export function runToJson(run: Run, link?: string): string {
  const { lab, params, engine, device, methods, scalars, claims, provenance, sweeps, landscapes, scatters, traffic, kernels, ceilings, notices, stageTimes } = run;
  return JSON.stringify(
    {
      lab, params, engine, device,
      metrics: {
        methods: methods.map((m) => ({ id: m.id, relativeError: m.relativeError, sqnrDb: m.sqnrDb, ...more(m) })),
        scalars,
      },
      claims: claims.map(({ id, holds, statement, numbers }) => ({ id, holds, statement, numbers })),
      provenance: { ...provenance, link: originOf(run, link).link },
      sweeps, landscapes, scatters, traffic, kernels, ceilings, notices, stageTimes,
    },
    null,
    2,
  );
}
