import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/inputs/error';
import { duplicateKey, jsonText } from '../../src/inputs/json-keys';
import { parseSafetensorsHeader } from '../../src/inputs/safetensors';
import { parseIndex } from '../../src/inputs/sharded';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const deep = (open: string, inside: string, close: string): string => open.repeat(1e5) + inside + close.repeat(1e5);

describe('JSON of files', () => {
  it.each([
    ['{"a":1,"b":{"a":2},"c":[{"a":1},{"a":1}]}', undefined], ['{"a":"a","b":"a"}', undefined], ['["a","a"]', undefined],
    ['{"a":1,"\\u0061":2}', 'a'], ['{"x":[{"b" :1, "b"\n:2}]}', 'b'], ['{"\\"":1,"a\\\\":2,"\\"":3}', '"'], ['{"{":"}","[":"]","{":1}', '{'], ['{"":0,"":0}', ''],
  ])('%s has the name twice: %s', (text, name) => {
    expect(duplicateKey(text)).toBe(name);
  });

  it('may be deep or long without running out of stack', () => {
    expect(duplicateKey(deep('[', '', ']'))).toBeUndefined();
    expect(jsonText(JSON.parse(deep('[', '', ']')))).toBe('lists nested very deep');
    expect(jsonText(undefined)).toBe('nothing');
    const header = bytes(`{"__metadata__":{"a":"${'x\\"'.repeat(4e6)}"},"w":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}`);
    expect(parseSafetensorsHeader(header, 8 + header.length, 'm').metadata.a).toHaveLength(8e6);
  });

  it.each([
    ['a shape', () => parseSafetensorsHeader(bytes(`{"w":{"dtype":"F32","shape":${deep('[', '', ']')},"data_offsets":[0,8]}}`), 1e6, 'm'), /shape lists nested very deep/],
    ['an offset', () => parseSafetensorsHeader(bytes(`{"w":{"dtype":"F32","shape":[2],"data_offsets":${deep('{"a":', '1', '}')}}}`), 1e7, 'm'), /offsets lists nested very deep/],
    ['metadata', () => parseSafetensorsHeader(bytes(`{"__metadata__":{"a":${deep('[', '', ']')}}}`), 1e6, 'm'), /__metadata__/],
  ])('refuses %s nested very deep', (_, parse, sentence) => {
    expect(parse).toThrow(InputError);
    expect(parse).toThrow(sentence);
  });

  it('lists the metadata of an index, however deep', () => {
    expect(parseIndex(bytes(`{"metadata":{"a":${deep('[', '', ']')}},"weight_map":{"a":"b"}}`), 'm').metadata).toEqual({ a: 'lists nested very deep' });
  });
});
