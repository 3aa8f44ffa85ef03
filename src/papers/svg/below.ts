/** Panels below the strip that all labs have, fetched together once the first view stands. */

export { ClaimsPanel } from '../../ui/panels/ClaimsPanel';
export { MeasuredHere, PaperSays } from '../../ui/panels/Figures';
export { MethodTable } from '../../ui/panels/MethodTable';
export { TimePanel } from '../../ui/panels/TimePanel';
export { TrafficPanel } from '../../ui/panels/TrafficPanel';
