import { isJsonList, type Json, type JsonObject } from '../../core/json.ts';
import { masked } from '../../core/mask.ts';

/** Annotations that hold the whole object once more, or what a machine was started with. */
const leftOut = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'k3s.io/node-args',
  'k3s.io/node-env',
]);
/** A longer one is a document of its own. */
const longestAnnotation = 500;

/**
 * Values that tell something and can't be a secret: switches, numbers, sizes, times, addresses,
 * levels, paths in lower case.
 */
const harmless =
  /^(?:true|false|yes|no|on|off|trace|debug|info|warn|warning|error|\d{1,6}(?:ms|[smhd]|[KMG]i?)?|\d{1,3}(?:\.\d{1,3}){3}|(?:\/[a-z0-9._-]{1,40}){1,12}\/?)$/;

/**
 * An object of the cluster without what may hold a secret and has no name that tells: the content of
 * Secrets and ConfigMaps, values of environment variables that are not plainly harmless, copies of
 * the object in its annotations. What has the shape of a secret elsewhere is for the redaction.
 */
export function bareObject(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).flatMap(([name, each]): [string, Json][] => {
      switch (name) {
        case 'managedFields':
          return [];
        case 'annotations':
          return [[name, isObject(each) ? bareAnnotations(each) : masked]];
        case 'data':
        case 'stringData':
        case 'binaryData':
          return [[name, masked]];
        case 'env':
          return [[name, isJsonList(each) ? each.map(bareVariable) : masked]];
        default:
          return [[name, bare(each)]];
      }
    }),
  );
}

function bare(value: Json): Json {
  if (isObject(value)) return bareObject(value);
  return value !== null && typeof value === 'object' ? value.map(bare) : value;
}

const isObject = (value: Json): value is JsonObject =>
  value !== null && typeof value === 'object' && !isJsonList(value);

function bareVariable(variable: Json): Json {
  if (!isObject(variable)) return masked;
  const { value, ...rest } = variable;
  if (value === undefined) return rest;
  return { ...rest, value: typeof value === 'string' && isHarmless(value) ? value : masked };
}

const isHarmless = (value: string): boolean => value === '' || harmless.test(value);

function bareAnnotations(annotations: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(annotations).map(([name, value]): [string, Json] => {
      const isLong = typeof value !== 'string' || value.length > longestAnnotation;
      return [name, leftOut.has(name) || isLong ? masked : value];
    }),
  );
}
