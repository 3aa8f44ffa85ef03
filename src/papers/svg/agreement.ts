/** How often a sample of rows decides as all rows do. */

import { createRng } from '../../../kernels/rng';
import { agreement } from '../../attention/profile';
import type { WholeProfile } from './outcomes';
import type { Settings } from './params';

const DRAWS = 400;
const DRAWS_STREAM = 0x5d0a;

/** Share of 400 draws of `rows` rows whose verdict on a head is that of all its rows. */
export const agreementOf = (all: WholeProfile, { seed, below }: Settings, rows: number): number =>
  agreement(all, 1, createRng(((seed ^ DRAWS_STREAM) + rows) >>> 0), rows, DRAWS, below)[0];
