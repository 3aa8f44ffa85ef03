/** The report worker: ReportService behind Comlink. */

import * as Comlink from 'comlink';
import { openEngine } from '../../engine/open';
import { keptPace } from '../kept';
import { ReportService } from './report-service';

Comlink.expose(new ReportService((choice) => openEngine(choice, navigator.gpu, { paceOf: keptPace.load })));
