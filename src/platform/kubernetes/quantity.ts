/** Powers of the suffixes of a quantity (Kubernetes API, resource.Quantity). */
const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const form = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/;

/** A quantity such as `128Mi`, `250m`, `1e3` as a number; null where it is none, or not there. */
export function parseQuantity(text: string | number | undefined): number | null {
  if (text === undefined) return null;
  const found = form.exec(String(text));
  const factor = factors[found?.[2] ?? ''];
  if (found?.[1] === undefined || factor === undefined) return null;
  return Number(found[1]) * factor;
}

/** A quantity of CPU in thousandths of a core, rounded up as the kubelet does. */
export function milliCores(text: string | number | undefined): number | null {
  const cores = parseQuantity(text);
  // Not 1000 × n for a nano-core's rounding error.
  return cores === null ? null : Math.ceil(Math.round(cores * 1e9) / 1e6);
}

/** A quantity of memory or storage in whole bytes. */
export function wholeBytes(text: string | number | undefined): number | null {
  const bytes = parseQuantity(text);
  return bytes === null ? null : Math.round(bytes);
}
