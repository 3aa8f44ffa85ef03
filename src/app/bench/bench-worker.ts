/** The benchmark worker: BenchService behind Comlink, with a device of its own, whatever engine the labs run on. */

import * as Comlink from 'comlink';
import { kernels } from '../../../kernels/registry';
import { openEngine } from '../../engine/open';
import { keptChoices } from '../kept';
import { BenchService } from './bench-service';

Comlink.expose(new BenchService(kernels, () => openEngine('webgpu', navigator.gpu, { store: keptChoices })));
