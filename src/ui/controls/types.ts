import type { ParamValue } from '../../run/run';
import type { Field } from '../../run/schema';
import type { SetParams } from '../lab-props';

/** What every kind of control is given. */
export interface ControlProps<F extends Field> {
  readonly name: string;
  readonly field: F;
  readonly value: ParamValue;
  /** The default: `reset` is offered while the value differs from it. */
  readonly fallback: ParamValue;
  /** Why the control cannot be used now. */
  readonly disabled?: string;
  readonly setParams: SetParams;
  readonly resetParam: (name: string) => void;
}
