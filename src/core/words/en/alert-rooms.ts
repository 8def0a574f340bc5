/** Alerts as rooms have them: where they go, what waits, and silences made there. */
export const alertRooms = {
  'settings.reason.time-zone': 'it is no name of a time zone such as `Europe/Berlin`',
  'settings.reason.quiet-hours': 'it has to be another time than `from`',
  'settings.reason.alert-route': 'there is no room of this name under `alerts.rooms`',
  'settings.reason.alert-room-twice': 'this room has a use already',

  'chat.followed-alerts': 'I followed the upgrade of this room; alerts come here from now on.',
  'room.alerts.name': 'Alerts: {{name}}',
  'room.alerts.topic': 'Alerts of the home server.',
  'room.alerts.closed':
    'I have no way into the alert room “{{name}}”: alerts that belong there come here.',
  'room.alerts.closed.next': 'Invite me there, or change `alerts.rooms` in the config file.',

  'alert.message.strayed': 'It belongs into the room “{{name}}”, into which I have no way.',
  'alert.message.moved': '↪ This goes on in a newer message.',

  'alert.digest.ended_one': '{{count}} alert is over.',
  'alert.digest.ended_other': '{{count}} alerts are over.',
  'alert.held.title_one': '{{count}} group of alerts is told of only now; {{still}}',
  'alert.held.title_other': '{{count}} groups of alerts are told of only now; {{still}}',
  'alert.held.still_one': '{{count}} of them still fires',
  'alert.held.still_other': '{{count}} of them still fire',
  'alert.held.over': '✅ {{severity}} {{name}}: fired {{since}}, over {{until}}',
  'alert.held.more': '+{{count}} more: `!alert list --all`',

  'alert.flag.severity': 'How bad it says that it is',
  'alert.field.test': 'Test',
  'alert.field.way': 'Way',
  'alert.test.summary': 'Send a test alert on the whole way of an alert, from its beginning',
  'alert.test.plan': 'A test alert will be posted. It is marked as one and ends by itself.',
  'alert.test.way.alertmanager': 'to Alertmanager, which posts it to the bot',
  'alert.test.way.intake': 'to the bot’s own port, with the sender’s token',
  'alert.test.waiting': 'The alert is on its way; waiting for it to come in',
  'alert.test.done': 'The test alert came in after {{after}}. The room is told of it now.',
  'alert.test.done-quiet':
    'The test alert came in after {{after}}. These are quiet hours: the room is told of it at {{to}} ({{zone}}).',
  'alert.test.done-quiet.next': '`!alert test --severity=critical` rings at any time.',
  'alert.test.text': 'A test of the way of an alert, by {{person}}. It ends by itself.',

  'alert.show.silenced_one':
    '🔇 {{count}} alert is silenced by {{person}} until {{until}}: {{reason}} (`{{silence}}`)',
  'alert.show.silenced_other':
    '🔇 {{count}} alerts are silenced by {{person}} until {{until}}: {{reason}} (`{{silence}}`)',
  'alert.show.unasked': 'Whether a silence covers it is not known. {{problem}}',

  'silence.show.summary': 'Show a silence, also one that has ended',
  'silence.field.from': 'From',
  'silence.field.covers': 'Covers now',
  'silence.prompt': '🔇 {{person}}, for how long shall {{name}} be silent, and why?',
  'silence.prompt.hint':
    'Reply to this message with a time and a reason, such as `2h new disk is on its way`, by {{until}}.',
  'silence.reaction.reason': '🔇 in the room',
  'silence.ends_one': '🔔 A silence ends at {{until}}; it covers {{count}} alert that fires',
  'silence.ends_other': '🔔 A silence ends at {{until}}; it covers {{count}} alerts that fire',
  'silence.ends.hint': '`!silence extend {{silence}} 2h`',

  E_SILENCE_ELSEWHERE: 'Alertmanager knows nothing of “{{target}}”: another program posts it.',
  'E_SILENCE_ELSEWHERE.next':
    'Silence it where it comes from, or take it on by `!alert ack {{target}}`.',
  E_ALERT_TEST_SILENCED:
    'Alertmanager has the test alert {{test}}, but a silence covers it: {{silence}} by {{person}}, until {{until}}.',
  'E_ALERT_TEST_SILENCED.next':
    'End it by `!silence expire {{silence}}`, or wait until it is over.',
  E_ALERT_TEST_LOST:
    'The test alert {{test}} was taken and did not come in to the bot within {{within}}.',
  'E_ALERT_TEST_LOST.next':
    'Check route and receiver of Alertmanager (`amtool config routes test alertname=UrtcTest`) and its log.',
} as const;
