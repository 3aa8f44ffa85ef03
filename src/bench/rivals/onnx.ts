/**
 * Writes an ONNX model of one graph, so that no model has to be downloaded. The wire format is Protocol Buffers
 * (protobuf.dev/programming-guides/encoding); field numbers are those of onnx/onnx.proto.
 */

export type Attribute = number | { readonly float: number } | string | readonly number[];

export interface Node {
  readonly type: string;
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** A plain number or list is an integer or integers. */
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

export interface Constant {
  readonly shape: readonly number[];
  readonly data: Float32Array | Uint8Array | BigInt64Array;
}

export interface Graph {
  readonly nodes: readonly Node[];
  /** Shapes of 32-bit floats. */
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly outputs: Readonly<Record<string, readonly number[]>>;
  readonly constants?: Readonly<Record<string, Constant>>;
}

type Bytes = readonly Uint8Array[];

const FLOAT = 1;
const UINT8 = 2;
const INT64 = 7;

/** Seven bits a byte, the lowest first. @param value not negative */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return Uint8Array.of(...bytes, value);
}

const whole = (field: number, value: number): Bytes => [varint(8 * field), varint(value)];

function float(field: number, value: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return [varint(8 * field + 5), bytes];
}

const bytes = (field: number, data: Uint8Array): Bytes => [varint(8 * field + 2), varint(data.length), data];
const text = (field: number, value: string): Bytes => bytes(field, new TextEncoder().encode(value));
const message = (field: number, ...parts: readonly Bytes[]): Bytes => bytes(field, concat(parts.flat()));

function concat(parts: Bytes): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** AttributeProto: name 1, f 2, i 3, s 4, ints 8, type 20. */
function attribute(name: string, value: Attribute): Bytes {
  if (typeof value === 'number') return message(5, text(1, name), whole(3, value), whole(20, 2));
  if (typeof value === 'string') return message(5, text(1, name), text(4, value), whole(20, 3));
  if ('float' in value) return message(5, text(1, name), float(2, value.float), whole(20, 1));
  return message(5, text(1, name), ...value.map((entry) => whole(8, entry)), whole(20, 7));
}

/** NodeProto: input 1, output 2, op_type 4, attribute 5, domain 7. */
const node = ({ type, domain, inputs, outputs, attributes = {} }: Node): Bytes => message(
  1, ...inputs.map((name) => text(1, name)), ...outputs.map((name) => text(2, name)), text(4, type),
  ...Object.entries(attributes).map(([name, value]) => attribute(name, value)), domain ? text(7, domain) : [],
);

/** TensorProto: dims 1, data_type 2, name 8, raw_data 9. */
function constant(name: string, { shape, data }: Constant): Bytes {
  const type = data instanceof Float32Array ? FLOAT : data instanceof Uint8Array ? UINT8 : INT64;
  return message(5, ...shape.map((size) => whole(1, size)), whole(2, type), text(8, name), bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)));
}

/** ValueInfoProto: name 1, type 2 { tensor_type 1 { elem_type 1, shape 2 { dim 1 { dim_value 1 } } } }. */
const value = (field: number, name: string, shape: readonly number[]): Bytes =>
  message(field, text(1, name), message(2, message(1, whole(1, FLOAT), message(2, ...shape.map((size) => message(1, whole(1, size)))))));

/** ModelProto: ir_version 1, producer_name 2, graph 7, opset_import 8. GraphProto: node 1, name 2, initializer 5, input 11, output 12. */
export function encodeModel({ nodes, inputs, outputs, constants = {} }: Graph): Uint8Array {
  return concat([
    whole(1, 8), text(2, 'paperkernels'),
    message(
      7, ...nodes.map(node), text(2, 'graph'), ...Object.entries(constants).map(([name, entry]) => constant(name, entry)),
      ...Object.entries(inputs).map(([name, shape]) => value(11, name, shape)), ...Object.entries(outputs).map(([name, shape]) => value(12, name, shape)),
    ),
    message(8, text(1, ''), whole(2, 17)),
    message(8, text(1, 'com.microsoft'), whole(2, 1)),
  ].flat());
}
