import { Panel } from '../../ui/panels/Panel';

/** How the numbers come about: what a reader must know to trust or to doubt them. */
export function Method() {
  return (
    <Panel title="How it is measured" id="method">
      <ul className="bench-method">
        <li><b>Same numbers, checked first.</b> Every contender gets the same inputs and is compared with the oracle, whose sums are in float64, before it is timed. What is wrong is shown as wrong and not timed.</li>
        <li><b>In turns.</b> Contenders of one race take turns, so that a machine that slows down slows all of them. Medians and quartiles are over the rounds.</li>
        <li><b>Two clocks.</b> A kernel alone is timed launch by launch, by GPU timestamps where there are any. Against libraries, and for sequences of kernels, operations are enqueued together with one wait at the end, the same for all.</li>
        <li><b>Cold apart.</b> Loading, opening a device and compiling stand in a panel of their own.</li>
        <li><b>The roof.</b> Two ceilings are measured here: a copy, and chains of multiply-adds. Of the roof is the least time that both allow for a kernel’s operations and bytes, each tensor moved once, over the time it took.</li>
        <li><b>Here and nowhere else.</b> Libraries come from this site. No number leaves this page unless it is saved.</li>
      </ul>
    </Panel>
  );
}
