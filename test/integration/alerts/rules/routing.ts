import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const monitoring = resolve(import.meta.dirname, '../../../../deploy/monitoring');

const webhook = z.looseObject({ url: z.string().optional(), url_file: z.string().optional() });

const configSchema = z.looseObject({
  receivers: z.array(z.object({ name: z.string(), webhook_configs: z.tuple([webhook]) })),
});

/** A config of Alertmanager. */
export type AlertmanagerConfig = z.output<typeof configSchema>;

const read = (name: string): unknown => parse(readFileSync(join(monitoring, name), 'utf8'));

/** `deploy/monitoring/alertmanager.yaml`. */
export const plainConfig = (): AlertmanagerConfig => configSchema.parse(read('alertmanager.yaml'));

/** The config within `values-alertmanager.yaml`. */
export const chartConfig = (): AlertmanagerConfig =>
  z
    .object({ alertmanager: z.object({ config: configSchema }) })
    .parse(read('values-alertmanager.yaml')).alertmanager.config;

const hurried = (key: string, value: unknown): unknown => {
  switch (key) {
    case 'group_wait':
      return '0s';
    case 'group_interval':
    case 'repeat_interval':
      return '1s';
    default:
      return value;
  }
};

/**
 * The same routes, quick, and with each receiver at another address. Who may post there with which
 * bearer is the receiver's own matter.
 */
export const onLoopback = (
  config: AlertmanagerConfig,
  receivers: Readonly<Record<string, { readonly url: string; readonly token?: string }>>,
): string =>
  JSON.stringify(
    {
      ...config,
      receivers: config.receivers.map(({ name, webhook_configs: [first] }) => {
        const to = receivers[name];
        if (to === undefined) throw new Error(`no address for ${name}`);
        const replaced = ['url', 'url_file', 'http_config'];
        const rest = Object.entries(first).filter(([key]) => !replaced.includes(key));
        const http_config = { authorization: { credentials: to.token ?? 'nobody-asks' } };
        return {
          name,
          webhook_configs: [{ ...Object.fromEntries(rest), url: to.url, http_config }],
        };
      }),
    },
    hurried,
  );
