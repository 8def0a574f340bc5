import { say, type Text } from '../../core/text.ts';
import { expiryMarginMs } from '../stack/judge-cluster.ts';
import type { Stack } from '../stack/stack.ts';
import { hostsOfCalls } from './check-calls.ts';
import type { Facts } from './facts.ts';
import { onFact, type Finding, type Verdict } from './finding.ts';

/** Whether a name in a certificate covers a host; `*` stands for one label (RFC 6125, 6.4.3). */
function covers(name: string, host: string): boolean {
  if (!name.startsWith('*.')) return name.toLowerCase() === host.toLowerCase();
  const dot = host.indexOf('.');
  return dot > 0 && host.slice(dot + 1).toLowerCase() === name.slice(2).toLowerCase();
}

interface PublicHost {
  readonly host: string;
  readonly ingress: string;
  readonly hasTls: boolean;
  readonly isOrdered: boolean;
}

function publicHosts({ ingresses, certificates }: Stack): readonly PublicHost[] {
  return ingresses.flatMap(({ name: ingress, rules, tls }) =>
    rules.flatMap(({ host }) => {
      if (host === null) return [];
      // Without hosts it is for all of them.
      const hasTls = tls.some(
        ({ hosts }) => hosts.length === 0 || hosts.some((name) => covers(name, host)),
      );
      const isOrdered = certificates.some(({ hosts }) => hosts.some((name) => covers(name, host)));
      return [{ host, ingress, hasTls, isOrdered }];
    }),
  );
}

/**
 * A public host that was left without a certificate while others have one; most often that of the
 * calls, which is the newest (ess-helm#1110). Where none has one, TLS ends elsewhere.
 */
export function checkHostCertificates(facts: Facts): Verdict {
  const { state } = facts;
  if (state.is === 'known') {
    const { data, ingresses } = state.value.stack;
    const hidden = data.forbidden.find(({ kind }) => kind === 'Certificate' || kind === 'Ingress');
    if (hidden !== undefined) {
      return { is: 'unmade', why: say(hidden.problem.code, hidden.problem.params) };
    }
    if (ingresses.length === 0) return { is: 'needless' };
  }
  const calls = hostsOfCalls(facts);
  return onFact(state, ({ stack }) => {
    const hosts = publicHosts(stack);
    const anyTls = hosts.some(({ hasTls }) => hasTls);
    const anyOrdered = hosts.some(({ isOrdered }) => isOrdered);
    return hosts.flatMap((each): readonly Finding[] => {
      const { host, ingress } = each;
      const forCalls = calls.includes(host);
      if (anyTls && !each.hasTls) {
        const seen = say('doctor.host-certificates.no-tls', { ingress, host });
        return [missing(host, forCalls, seen)];
      }
      if (anyOrdered && !each.isOrdered) {
        const seen = say('doctor.host-certificates.not-ordered', { ingress, host });
        return [missing(host, forCalls, seen)];
      }
      return [];
    });
  });
}

function missing(host: string, forCalls: boolean, seen: Text): Finding {
  return {
    ...{ check: 'host-certificates', severity: 'broken', seen, values: null },
    title: say(forCalls ? 'doctor.host-certificates.calls' : 'doctor.host-certificates', { host }),
    cause: say('doctor.host-certificates.cause'),
    fix: say('doctor.host-certificates.fix', { host }),
  };
}

/** K3s makes its own certificates for a year, and new ones only when it starts. */
export function checkApiCertificate({ apiCertificate, now }: Facts): Verdict {
  if (apiCertificate.is === 'none') {
    return { is: 'unmade', why: say('doctor.api-certificate.hidden') };
  }
  return onFact(apiCertificate, ({ host, notBefore, notAfter }) => {
    const isOver = notAfter <= now;
    if (!isOver && notAfter - now >= expiryMarginMs(notBefore, notAfter)) return [];
    const left = { span: notAfter - now };
    return [
      {
        ...{ check: 'api-certificate', values: null },
        severity: isOver ? 'broken' : 'warning',
        title: say('doctor.api-certificate'),
        seen: isOver
          ? say('doctor.api-certificate.over', { host, at: { moment: notAfter } })
          : say('doctor.api-certificate.ending', { host, left }),
        cause: say('doctor.api-certificate.cause'),
        fix: say('health.api-certificate.next'),
      },
    ];
  });
}
