import type { RoomId } from '../../core/ids.ts';
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
const mostShown = 1000;
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
      return this.ofGroup(group, message.madeAt, message.room);
    }
    const groups = incidents.firingGroups(message.id, mostShown).flatMap((group) => {
      const stored = incidents.group(group.group);
      return stored === null ? [] : [{ ...group, stored }];
    });
    return digestMessage({ groups, since: message.madeAt }, language());
  }

  /** `since`: when the message began to tell of it, ms since the epoch; `room`: where it stands. */
  ofGroup(group: StoredGroup, since: number, room: RoomId): MatrixMessage {
    const { incidents, links, language, routing } = this.#parts;
    const firing = incidents.firing(group.id, mostListed);
    const view = {
      ...{ group, since, firing },
      firingCount: incidents.firingCount(group.id),
      ended: incidents.ended(group.id, since, mostShown),
      strayed: routing.destination(group.receiver, firing, room).strayed,
    };
    return groupMessage(view, links, language());
  }
}
