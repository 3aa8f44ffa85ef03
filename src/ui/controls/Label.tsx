import type { Field } from '../../run/schema';
import { Sym } from '../symbol/Symbol';

const Text = ({ field }: { readonly field: Field }) => <>{field.label}{field.symbol && <>{' '}<Sym text={field.symbol} /></>}</>;

/** A field's label with its symbol; a legend or a heading where there is no single input to point at. */
export const Label = ({ htmlFor, field }: { readonly htmlFor?: string; readonly field: Field }) =>
  htmlFor === undefined ? <span className="control-label"><Text field={field} /></span> : <label className="control-label" htmlFor={htmlFor}><Text field={field} /></label>;
