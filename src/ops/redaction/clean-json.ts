import { masked } from '../../core/mask.ts';
import { isJsonList, type Json, type JsonObject } from '../../core/json.ts';
import { KeyGate } from '../logs/key-gate.ts';

/** Nothing that the house writes or the API server answers goes so deep. */
const deepest = 100;
/** Has no form of a secret by itself. */
const probe = 'x0x0x0';

/**
 * JSON without secrets, still JSON: texts pass `redact` one by one; a value is masked as a whole
 * where its own name says that it is a secret, also where the name stands beside it
 * (`{name, value}`, `--password x` as two elements of a list).
 */
export function cleanJson(value: Json, redact: (text: string) => string): Json {
  const known = new Map<string, boolean>();
  const isSecretName = (name: string): boolean => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const line = `${name}=${probe}`;
    const is = redact(line) !== line;
    known.set(name, is);
    return is;
  };
  const isSecretFlag = (text: Json | undefined): boolean =>
    typeof text === 'string' && /^--?[\w-]+$/.test(text) && isSecretName(text.replace(/^-+/, ''));

  const clean = (each: Json, depth: number): Json => {
    if (typeof each === 'string') return redact(each);
    if (each === null || typeof each !== 'object') return each;
    if (depth > deepest) return masked;
    return isJsonList(each) ? cleanList(each, depth) : cleanObject(each, depth);
  };
  const cleanList = (list: readonly Json[], depth: number): Json => {
    const gate = new KeyGate();
    return list.map((each, at) => {
      if (typeof each === 'string' && isSecretFlag(list[at - 1])) return masked;
      return clean(typeof each === 'string' ? gate.pass(each) : each, depth + 1);
    });
  };
  const cleanObject = (object: JsonObject, depth: number): Json => {
    const called = object['name'] ?? object['key'];
    const isNamed = typeof called === 'string' && isSecretName(called);
    const entries = Object.entries(object).map(([name, each]): [string, Json] => {
      const isValue = isScalar(each) && (isSecretName(name) || (isNamed && name === 'value'));
      return [redact(name), isValue ? masked : clean(each, depth + 1)];
    });
    return Object.fromEntries(entries);
  };
  return clean(value, 0);
}

/** True and false are no secrets, and nothing is none. */
const isScalar = (value: Json): boolean =>
  (typeof value === 'string' && value !== '') || typeof value === 'number';
