/** Panels below the strip that all labs have, fetched together once the first view stands. */

export { ClaimsPanel } from './ClaimsPanel';
export { MeasuredHere, PaperSays } from './Figures';
export { MethodTable } from './MethodTable';
export { SweepPanel } from '../charts/SweepPanel';
export { TimePanel } from './TimePanel';
export { TrafficPanel } from './TrafficPanel';
