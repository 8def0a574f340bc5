import { AppError } from '../../core/errors.ts';
import type { Stack } from './stack.ts';

/**
 * Why a component is not there: `E_COMPONENT_NOT_INSTALLED`, or `E_RELEASE_EMPTY` where the release
 * has none at all (its name or namespace is probably not the right one), or why nothing is known.
 * `title`: the component's name; null: any.
 */
export function notInstalled(
  { release, namespace, components, data }: Stack,
  title: string | null,
): AppError {
  if (data.is === 'nothing' && data.problem !== null) return data.problem;
  if (components.length === 0 || title === null) {
    return new AppError('E_RELEASE_EMPTY', { release, namespace });
  }
  return new AppError('E_COMPONENT_NOT_INSTALLED', { component: title, release });
}
