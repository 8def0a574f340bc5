import type { Language } from '../../core/words/index.ts';
import type { LinkRule } from '../../ops/alerts/reachable-link.ts';
import type { AlertIncidents } from '../../platform/store/alert-incidents.ts';
import type { AlertMessage, StoredGroup } from '../../platform/store/alert-row.ts';
import type { MatrixMessage } from '../render/matrix.ts';
import type { AlertRouting } from './alert-routing.ts';
import { digestMessage, groupMessage, movedMessage } from './alert-words.ts';

/** What pages are made from. */
export interface AlertPageParts {
  readonly incidents: AlertIncidents;
  readonly language: () => Language;
  readonly links: readonly LinkRule[];
  readonly routing: AlertRouting;
}

/** More are counted, not shown. */
const mostListed = 20;

/** The text of a message about alerts, as the store is now. */
export class AlertPage {
  readonly #parts: AlertPageParts;

  constructor(parts: AlertPageParts) {
    this.#parts = parts;
  }

  of(message: AlertMessage): MatrixMessage {
    const { incidents, language } = this.#parts;
    if (message.kind === 'group') {
      const group = incidents.groupOf(message.id);
      if (group === null) return movedMessage(language());
      return this.ofGroup(group, message);
    }
    const groups = incidents.firingGroups(message.id, mostListed).flatMap((group) => {
      const stored = incidents.group(group.group);
      return stored === null ? [] : [{ ...group, stored }];
    });
    const firing = incidents.totals.firingIn(message.id);
    const ended = incidents.totals.endedIn(message.id, message.overSince);
    const since = Math.min(firing.since ?? message.madeAt, message.madeAt);
    const counts = { groupCount: firing.groups, firingCount: firing.count, ended };
    return digestMessage({ groups, ...counts, since }, language());
  }

  /** Of a message that is about to be made too. */
  ofGroup(
    group: StoredGroup,
    { madeAt, overSince, room }: Pick<AlertMessage, 'madeAt' | 'overSince' | 'room'>,
  ): MatrixMessage {
    const { incidents, links, language, routing } = this.#parts;
    const firing = incidents.firing(group.id, mostListed);
    const ended = incidents.ended(group.id, overSince, mostListed);
    const over = incidents.totals.endedOf(group.id, overSince);
    const since = incidents.firingSince(group.id) ?? Math.min(over.since ?? madeAt, madeAt);
    const view = {
      ...{ group, since, firing, ended, endedCount: over.count },
      firingCount: incidents.firingCount(group.id),
      strayed: routing.destination(group.receiver, firing, room).strayed,
    };
    return groupMessage(view, links, language());
  }
}
