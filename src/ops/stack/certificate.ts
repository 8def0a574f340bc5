import { z } from 'zod';
import type { Condition, CustomObject } from '../../platform/kubernetes/port.ts';

/** A certificate that cert-manager looks after. Moments in ms since the epoch. */
export interface StackCertificate {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly issuer: string | null;
  /** Null: it was never issued, or cert-manager does not say. */
  readonly notBefore: number | null;
  readonly notAfter: number | null;
  /** When cert-manager is going to renew it. */
  readonly renewalAt: number | null;
  /** Its condition Ready, if it has one. */
  readonly ready: Condition | null;
  /** Its condition Issuing while a new one is being made. */
  readonly issuing: Condition | null;
}

const moment = z
  .string()
  .transform((text) => Date.parse(text))
  .refine(Number.isFinite)
  .nullish()
  .catch(null);

const specSchema = z
  .object({
    dnsNames: z.array(z.string()).catch([]),
    issuerRef: z.object({ name: z.string() }).nullish().catch(null),
  })
  .catch({ dnsNames: [], issuerRef: null });

const statusSchema = z
  .object({ notBefore: moment, notAfter: moment, renewalTime: moment })
  .catch({ notBefore: null, notAfter: null, renewalTime: null });

/** Reads a Certificate of cert-manager.io/v1; what it does not say is null. */
export function certificateOf(object: CustomObject): StackCertificate {
  const spec = specSchema.parse(object.spec);
  const status = statusSchema.parse(object.status);
  const condition = (type: string) => object.conditions.find((each) => each.type === type) ?? null;
  const issuing = condition('Issuing');
  return {
    name: object.name,
    hosts: spec.dnsNames,
    issuer: spec.issuerRef?.name ?? null,
    notBefore: status.notBefore ?? null,
    notAfter: status.notAfter ?? null,
    renewalAt: status.renewalTime ?? null,
    ready: condition('Ready'),
    issuing: issuing?.status === 'True' ? issuing : null,
  };
}
