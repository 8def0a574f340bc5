/** Known troubles of the stack: what they are, why, and what to do. */
export const diagnoses = {
  'doctor.stack.crash': 'It ends with an error; its log says which.',
  'doctor.stack.crash.fix': '`!logs {{component}} --previous` shows its last words.',
  'doctor.stack.memory': 'It needs more memory than its limit allows, or than the node has.',
  'doctor.stack.memory.fix':
    'Raise `{{values}}.resources.limits.memory` in the values of the chart; `!perf` shows what is used.',
  'doctor.stack.image':
    'The registry does not give it: no way out, a wrong name, or its rate limit.',
  'doctor.stack.image.fix':
    'On the server: `sudo k3s crictl pull {{image}}` says why. Registries needed: ghcr.io, oci.element.io, docker.io.',
  'doctor.stack.config': 'It is described with a Secret, ConfigMap or command that is not there.',
  'doctor.stack.config.fix':
    '`!events {{component}}` names it; `helm upgrade` with the same values makes what the chart makes.',
  'doctor.stack.room': 'No node has the room for it, or its volume is not where it was.',
  'doctor.stack.room.fix':
    "`!events` has the scheduler's words, `!perf` what the node still has. Never delete a volume to get it going.",
  'doctor.stack.waits':
    'It waits for another one: `db-wait` for PostgreSQL, `render-config` for its Secrets.',
  'doctor.stack.waits.fix':
    'Look at PostgreSQL first (`!logs postgres`); then `!logs {{component}} --container=db-wait`.',
  'doctor.stack.unready': 'It runs but does not answer its probe, or its node does not answer.',
  'doctor.stack.unready.fix':
    '`!logs {{component}}` and `!events {{component}}`. HAProxy is unready while Synapse is; look at that one first.',
  'doctor.stack.wanted': 'Somebody has scaled it, by hand or in the values of the chart.',
  'doctor.stack.wanted.fix':
    'Set `{{values}}.replicas` in the values of the chart back to 1 and run `helm upgrade`.',
  'doctor.stack.node': 'The kubelet of the node reports it, or is not heard of.',
  'doctor.stack.node.fix':
    'On the server: `systemctl status k3s`, `journalctl -u k3s -n 100`, `df -h`, `free -m`.',
  'doctor.stack.certificate':
    'cert-manager could not prove to the issuer that the host is yours, or has not tried again yet.',
  'doctor.stack.certificate.fix':
    '`!events` and the log of cert-manager say why. Do not delete it again and again: the issuer counts (5 a week for the same names).',
  'doctor.stack.release': 'Nothing in this namespace has the labels of this release.',
  'doctor.stack.release.fix':
    '`helm list -A` shows both names; correct `kubernetes.release` and `kubernetes.namespace` in the config file.',
  'doctor.signing-key': 'Everybody has the signing key of this home server (CVE-2026-24044)',
  'doctor.signing-key.cause':
    'Charts before 25.12.1 made the same signing key everywhere. With it anybody can speak as this home server; newer Synapses refuse all that it signed.',
  'doctor.signing-key.unread': '{{path}} shows no keys (status {{status}})',
  'doctor.signing-key.seen': 'the key {{id}} that it signs with is the known weak one',
  'doctor.signing-key.upgrade':
    'Back up, then `helm upgrade` to {{version}} or newer: the chart makes a new key and revokes the old one, unless `synapse.signingKey` names it; then do as below.',
  'doctor.signing-key.replace':
    'Make a new key `ed25519:1`, put it into a Secret, name it in the values, and revoke the old id with a throw-away public key and the present time in ms (ess-helm, docs/maintenance.md).',
  'doctor.signing-key.old-seen': 'it still vouches for the weak key as its old one, {{id}}',
  'doctor.signing-key.old-fix':
    'Put a throw-away public key in the place of {{id}} among the old keys, with the present time in ms: then what was forged with the weak one is not believed any more.',
  'doctor.calls-announced': 'Element does not find the calls (MISSING_MATRIX_RTC_FOCUS)',
  'doctor.calls-announced.cause':
    'Clients look in this document for the place of calls, always on port 443 of the server name. Calls do not start without it.',
  'doctor.calls-announced.no-document': '{{url}} is no such document (status {{status}})',
  'doctor.calls-announced.no-focus': '{{url}} names none (org.matrix.msc4143.rtc_foci)',
  'doctor.calls-announced.elsewhere':
    'it names {{foci}}, but the calls of this release are at {{hosts}}',
  'doctor.calls-announced.serve':
    'Turn `wellKnownDelegation.enabled` on in the values of the chart, or serve the document where {{url}} leads; `kubernetes.endpoints.well-known` in the config file tells urtc of such a place.',
  'doctor.calls-announced.fix':
    'Check `matrixRTC.enabled` and `matrixRTC.ingress.host` in the values of the chart; where {{url}} is served by somebody else, copy `org.matrix.msc4143.rtc_foci` there.',
  'doctor.calls-lookup': 'Nobody can join a call: the home server is not found from inside',
  'doctor.calls-lookup.cause':
    'The authorisation service asks the home server by its public name. From inside the cluster that way leads to the router and back, which many routers do not do.',
  'doctor.calls-lookup.fix':
    'Let it go straight to Traefik: add this to the values of the chart and run `helm upgrade`. The port of Traefik must be the public one inside, too.',
  'doctor.calls-stun': 'The SFU does not start: it does not learn its public address',
  'doctor.calls-stun.silent': '{{pod}} ended without a word',
  'doctor.calls-stun.cause':
    "It asks Google's STUN servers for its address and ends where they do not answer.",
  'doctor.calls-stun.fix':
    'Let UDP out to a STUN server, or name one that answers (`rtc.stun_servers` under `matrixRTC.sfu.additional`), or give the address yourself as here; then it must follow every change of it.',
  'doctor.calls-media': 'Calls stay at “waiting for media”',
  'doctor.calls-media.cause':
    'Clients send pictures and sound straight to the address and port that the SFU tells them; from outside nothing listens there.',
  'doctor.calls-media.no-address': 'STUN is off and no address is set: it tells that of its pod',
  'doctor.calls-media.inside': 'it tells the address {{address}}, which is of no use outside',
  'doctor.calls-media.address-fix':
    'Let it find its public address by STUN, or set `matrixRTC.sfu.manualIP` to the public one.',
  'doctor.calls-media.closed': 'none of its ports is open on the node',
  'doctor.calls-media.expose-fix':
    'Turn `matrixRTC.sfu.exposedServices.rtcTcp` and `rtcMuxedUdp` on in the values, and forward these ports in the router (`!info`).',
  'doctor.calls-media.ports':
    '{{service}} has port {{nodePort}} on the node, but the SFU tells clients {{port}}',
  'doctor.calls-media.ports-fix':
    'Give both the same number in `matrixRTC.sfu.exposedServices`, and forward exactly that one in the router (`!info`).',
  'doctor.host-certificates': 'No certificate for {{host}}',
  'doctor.host-certificates.calls': 'Calls: no certificate for {{host}}',
  'doctor.host-certificates.no-tls': '{{ingress}} has no TLS for {{host}}; other hosts have',
  'doctor.host-certificates.not-ordered':
    'no Certificate names {{host}} (Ingress {{ingress}}); other hosts have one',
  'doctor.host-certificates.cause':
    'It was left out where the others were configured, or its Ingress names a Secret that nobody fills.',
  'doctor.host-certificates.fix':
    'Check `certManager`, `ingress.tlsSecret` and `tlsEnabled` of this part in the values; with a certificate of your own, add {{host}} to its names.',
  'doctor.api-certificate': "K3s's own certificate runs out",
  'doctor.api-certificate.over': '{{host}} shows one that ran out at {{at}}',
  'doctor.api-certificate.ending': '{{host}} shows one that ends in {{left}}',
  'doctor.api-certificate.cause':
    'K3s makes its certificates for a year and new ones only when it starts; it has not been restarted for long.',
  'doctor.api-certificate.hidden': 'the API server shows none from here',
  'doctor.connections': 'The database is about to refuse connections',
  'doctor.connections.seen': '{{used}} of {{most}} connections are taken',
  'doctor.connections.cause':
    'The chart allows one connection for each 16 MiB of its memory limit.',
  'doctor.connections.fix':
    'Raise the memory limit of PostgreSQL in the values of the chart, e.g. to twice as much.',
  'doctor.connections.unknown': "nothing was read from the database's exporter yet",
  'doctor.disk': 'The disk under the volumes fills up',
  'doctor.disk.cause': 'local-path gives all volumes one disk and stops none of them.',
  'doctor.log.too-many-clients': 'The database refuses connections',
  'doctor.log.too-many-clients.cause':
    'More connections are wanted than the chart allows: one for each 16 MiB of its memory limit.',
  'doctor.log.too-many-clients.fix':
    'Raise the memory limit of PostgreSQL in the values of the chart; fewer workers need fewer connections.',
  'doctor.log.no-space': 'The disk was full',
  'doctor.log.no-space.cause': 'Something could not be written in the last 24 hours.',
  'doctor.log.no-space.fix':
    'Make room (`!status` shows how much there is), then restart what complained: `!restart COMPONENT`.',
} as const;
