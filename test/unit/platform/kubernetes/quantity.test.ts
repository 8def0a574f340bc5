import { describe, expect, it } from 'vitest';
import {
  milliCores,
  parseQuantity,
  wholeBytes,
} from '../../../../src/platform/kubernetes/quantity.ts';

describe('a quantity', () => {
  it.each([
    ['128Mi', 134_217_728],
    ['1e3', 1000],
    ['0.5', 0.5],
    ['2k', 2000],
    ['1.5Gi', 1_610_612_736],
    ['1E', 1e18],
    [4, 4],
  ])('reads %s', (text, value) => {
    expect(parseQuantity(text)).toBe(value);
  });

  it.each(['', 'Mi', '1 Mi', '1mi', '0x10', '1e', 'NaN'])('is none: “%s”', (text) => {
    expect(parseQuantity(text)).toBeNull();
  });

  it('rounds CPU up to thousandths of a core and memory to bytes', () => {
    expect(milliCores('250m')).toBe(250);
    expect(milliCores('1234567n')).toBe(2);
    expect(milliCores('2')).toBe(2000);
    expect(milliCores('100u')).toBe(1);
    expect(milliCores(undefined)).toBeNull();
    expect(wholeBytes('123456m')).toBe(123);
  });
});
