/**
 * The page's first script, small so that it is there first. What takes long begins before the page itself has come:
 * the compute worker, with the method of the lab that the link names, and the chunks of that lab's view.
 */

import '../ui/tokens.css';
import './app.css';
import { startComputeWorker } from './compute-worker';
import { isBuilt, preloadLab } from './lab-modules';

const lab = /^#\/(\w+)/.exec(location.hash)?.[1] ?? '';
startComputeWorker(isBuilt(lab) ? lab : '');
void import('./main');
if (isBuilt(lab)) {
  preloadLab(lab);
  void import('./lab/LabPage').catch(() => undefined);
}
