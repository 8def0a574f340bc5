import type { ConfigControl } from '../../commands/capabilities.ts';
import { loadConfig, settingsAsYaml, type Config } from '../../platform/config/config.ts';
import { differenceOf } from '../../platform/config/difference.ts';
import type { Environment } from '../../platform/config/secrets.ts';

/**
 * The config of a program that runs. Whoever follows a setting reads it from {@link current} each
 * time; what is only read at start keeps what it got then.
 */
export class LiveConfig implements ConfigControl {
  readonly isRunning: boolean;
  readonly #atStart: Config;
  readonly #environment: Environment;
  readonly #commands: readonly string[];
  readonly #onChange: (config: Config, changed: readonly string[]) => void;
  #current: Config;

  /**
   * `commands`: names that may stand under `roles`. `isRunning`: whether anybody follows it (a bot).
   * `onChange` is told after each reload.
   */
  constructor(
    parts: {
      readonly config: Config;
      readonly environment: Environment;
      readonly commands: readonly string[];
      readonly isRunning: boolean;
    },
    onChange: (config: Config, changed: readonly string[]) => void,
  ) {
    const { config, environment, commands, isRunning } = parts;
    this.isRunning = isRunning;
    this.#atStart = config;
    this.#current = config;
    this.#environment = environment;
    this.#commands = commands;
    this.#onChange = onChange;
  }

  get current(): Config {
    return this.#current;
  }

  redacted(): string {
    return settingsAsYaml(this.#current.settings);
  }

  /** Throws what `loadConfig` throws; then everything stays as it was. */
  reload(): ReturnType<ConfigControl['reload']> {
    return new Promise((resolve) => {
      const next = loadConfig(this.#current.file, this.#environment, this.#commands);
      const { live: changed } = differenceOf(this.#current, next);
      const { atStart: needsRestart } = differenceOf(this.#atStart, next);
      this.#current = next;
      this.#onChange(next, changed);
      resolve({ file: next.file, isRunning: this.isRunning, changed, needsRestart });
    });
  }
}
