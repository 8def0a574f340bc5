/** What `doctor` says around its findings, and what is wrong with files, rights and versions. */
export const doctor = {
  'doctor.summary': 'Looks for known troubles and says what to do about them',
  'doctor.nothing': 'Nothing found in {{checks}}.{{gaps}}',
  'doctor.notes_one': 'No problem found in {{checks}}, and {{count}} thing to know.{{gaps}}',
  'doctor.notes_other': 'No problem found in {{checks}}, and {{count}} things to know.{{gaps}}',
  'doctor.problems_one': '{{count}} problem found in {{checks}}.{{gaps}}',
  'doctor.problems_other': '{{count}} problems found in {{checks}}.{{gaps}}',
  'doctor.checks_one': '{{count}} check',
  'doctor.checks_other': '{{count}} checks',
  'doctor.unmade_one': ' {{count}} check could not be made, see below.',
  'doctor.unmade_other': ' {{count}} checks could not be made, see below.',
  'doctor.severity.broken': 'broken',
  'doctor.severity.warning': 'look at it',
  'doctor.severity.note': 'good to know',
  'doctor.field.title': 'Found',
  'doctor.field.severity': 'How bad',
  'doctor.field.seen': 'Seen',
  'doctor.field.cause': 'Cause',
  'doctor.field.fix': 'What to do',
  'doctor.field.check': 'Check',
  'doctor.column.unmade': 'Not looked at',
  'doctor.column.why': 'Why',
  'doctor.check.start': 'Start of the bot',
  'doctor.check.bot': 'The bot',
  'doctor.check.homeserver': 'The home server',
  'doctor.check.files': 'Modes of own files',
  'doctor.check.access': 'Way into the cluster',
  'doctor.check.rights': 'Rights in the cluster',
  'doctor.check.excess': 'Rights that nobody needs',
  'doctor.check.stack': 'Components, nodes, volumes, certificates',
  'doctor.check.services': 'Answers of the parts',
  'doctor.check.signing-key': 'Weak signing key (CVE-2026-24044)',
  'doctor.check.calls-announced': 'Calls: announced to clients',
  'doctor.check.calls-lookup': 'Calls: who may join',
  'doctor.check.calls-stun': 'Calls: start of the SFU',
  'doctor.check.calls-media': 'Calls: way of pictures and sound',
  'doctor.check.host-certificates': 'A certificate for each host',
  'doctor.check.api-certificate': 'Certificate of the API server',
  'doctor.check.connections': 'Connections to the database',
  'doctor.check.disk': 'Disk',
  'doctor.check.log-signatures': 'Known lines in logs',
  'doctor.check.version-chart': 'Version of the chart',
  'doctor.check.version-kubernetes': 'Version of Kubernetes',
  'doctor.check.version-cert-manager': 'Version of cert-manager',
  'doctor.check.version-pair': 'cert-manager and Kubernetes together',
  'doctor.check.version-postgres': 'Version of PostgreSQL',
  'doctor.check.version-helm': 'Version of Helm',
  'doctor.no-cluster': 'the config names no cluster (section `kubernetes`)',
  'doctor.outside': 'the cluster does not let us in',
  'doctor.log-line': 'the log of {{pod}} says: {{line}}',
  'doctor.start': 'The bot can not start',
  'doctor.start.cause': 'Something that it needs on this machine is not as it must be.',
  'doctor.bot': 'The bot does not run',
  'doctor.bot.seen': 'nobody answers commands in the room, and nothing is watched',
  'doctor.bot.cause': 'It was stopped, or it ended and was not started again.',
  'doctor.bot.fix':
    'Start it, e.g. with `sudo systemctl start urtc-bot`; `journalctl -u urtc-bot -n 50` says why it ended.',
  'doctor.bot.keys-lost': 'the keys of its device are gone or damaged',
  'doctor.homeserver': 'The home server does not answer as it should',
  'doctor.homeserver.cause':
    'It does not run, is still starting, or `homeserver.url` in the config file leads elsewhere.',
  'doctor.homeserver.fix':
    '`!status` shows whether it runs, `!logs synapse` what it says; check `homeserver.url` in the config file.',
  'doctor.homeserver.refuses': 'The home server does not take the admin credential',
  'doctor.homeserver.refuses.cause': "The token was revoked, or it is not a server admin's.",
  'doctor.services': 'Not as it should be: {{names}}',
  'doctor.services.and': '{{first}}, {{name}}',
  'doctor.services.cause':
    'It does not run, answers with an error, or there is no way to it from here.',
  'doctor.services.silent.cause':
    'It does not run, is still starting, or `kubernetes.endpoints` in the config file names another place.',
  'doctor.services.missing.cause': 'The chart was installed without it, or it was removed since.',
  'doctor.services.no-way.cause':
    'The bot does not run on a node of the cluster, and its identity may not forward ports.',
  'doctor.services.status.cause':
    'It is starting or failing, or something else answers in its place.',
  'doctor.services.no-keys.cause': 'Synapse could not read or make its signing key.',
  'doctor.services.other-server.cause':
    'The address leads to another home server, or the bot belongs to another one.',
  'doctor.services.keys-expired.cause':
    'The clock of the server is wrong, or something on the way gives out an old answer.',
  'doctor.files.config': 'The config can be changed by others',
  'doctor.files.secret': 'A secret is not private',
  'doctor.files.kubeconfig': 'The kubeconfig is not private',
  'doctor.files.data-folder': 'The data folder is not private',
  'doctor.files.data': 'A data file is not private',
  'doctor.files.folder': 'Others can replace the config or a secret',
  'doctor.files.seen': '{{path}} has mode {{mode}}',
  'doctor.files.readable':
    'Other users of this machine may read it, or write to it, and so take the place of the bot.',
  'doctor.files.writable':
    'Other users of this machine may change it, and so say who commands the home server.',
  'doctor.files.fix':
    '`{{command}}`. If others have an account on this machine, look at what stands in it, and change a secret that they could read.',
  'doctor.files.hidden': '{{path}} can not be looked at: {{reason}}',
  'doctor.access': 'The bot can not get into the cluster',
  'doctor.access.away': 'The API server does not run, or the kubeconfig names another place.',
  'doctor.access.credentials':
    'The kubeconfig or the token in it is not (or no longer) the right one.',
  'doctor.rights': 'Rules are missing in the cluster',
  'doctor.rights.cause':
    '`deploy/rbac` was not applied, is older than this urtc, or is for another release or namespace.',
  'access.missing': '{{identity}} may not: {{rights}}',
  'access.missing.next':
    'Apply `deploy/rbac` again with this release and namespace, or add these rules to the role of the identity.',
  'doctor.excess': 'The identity may do more than it needs',
  'doctor.excess.seen': '{{identity}} may also: {{rights}}',
  'doctor.excess.cause':
    "This looks like an administrator's kubeconfig, e.g. that of K3s: whoever takes the bot has the cluster.",
  'doctor.excess.fix':
    'Give the bot the identity of `deploy/rbac`: `kubectl create token urtc-bot`, put into a kubeconfig (docs/kubernetes.md).',
  'doctor.version': '{{product}} {{version}}',
  'doctor.version.ended': 'its support ended on {{at}}',
  'doctor.version.ended.cause': 'It gets no fixes any more, also none for security.',
  'doctor.version.too-old': 'older than {{oldest}}, the oldest that this urtc knows',
  'doctor.version.ending': 'its support ends on {{at}}',
  'doctor.version.ending.cause': 'After that it gets no fixes any more, also none for security.',
  'doctor.version.newer': 'newer than {{newest}}, the newest that this urtc was made for',
  'doctor.version.newer.cause': 'It may well work; nobody has tried it with this urtc.',
  'doctor.version.unreadable': '“{{version}}” does not say which version it is',
  'doctor.version.untold': 'nothing tells the version',
  'doctor.version.chart':
    'Read the changelog of the chart, back up, then `helm upgrade` to one of {{oldest}} to {{newest}}; where the chart is the newer one, update urtc.',
  'doctor.version.kubernetes':
    'Update K3s by one minor version at a time; where it is the newer one, update urtc.',
  'doctor.version.cert-manager':
    'Update cert-manager by one minor version at a time; where it is the newer one, update urtc.',
  'doctor.version.postgres':
    'Dump the databases, then move to a newer PostgreSQL: the files of an old one are not read by a new one.',
  'doctor.version.helm':
    'Install Helm 4. It applies on the server: after the first upgrade with it, use no Helm 3 on this release.',
  'doctor.version-pair': 'cert-manager is not made for this Kubernetes',
  'doctor.version-pair.seen':
    'cert-manager {{manager}} is made for Kubernetes {{from}} to {{to}}; here it is {{kubernetes}}',
  'doctor.version-pair.cause': 'One of the two was updated without the other.',
  'doctor.version-pair.fix':
    'Update cert-manager; before an update of K3s, look at the list of its supported releases.',
  'config.cluster-not-asked':
    'The cluster could not be asked: {{cause}} Whether it accepts the bot is not checked.',
  'config.offline-cluster': 'The cluster was not asked (`--offline`).',
  'config.cluster-in': 'The cluster ({{version}}) lets {{identity}} in.',
} as const;
