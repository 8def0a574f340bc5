import type { Language } from '../../core/words/index.ts';
import type { LinkRule } from '../../ops/alerts/reachable-link.ts';
import type { AlertIncidents } from '../../platform/store/alert-incidents.ts';
import type { AlertMessage, StoredGroup } from '../../platform/store/alert-row.ts';
import type { MatrixMessage } from '../render/matrix.ts';
import { digestMessage, groupMessage } from './alert-words.ts';

/** What pages are made from. */
export interface AlertPageParts {
  readonly incidents: AlertIncidents;
  readonly language: () => Language;
  readonly links: readonly LinkRule[];
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

  /** Null: it shows nothing any more. */
  of(message: AlertMessage): MatrixMessage | null {
    const { incidents, language } = this.#parts;
    if (message.kind === 'group') {
      const group = incidents.groupOf(message.id);
      return group === null ? null : this.ofGroup(group, message.madeAt);
    }
    const groups = incidents.firingGroups(message.id, mostShown).flatMap((group) => {
      const stored = incidents.group(group.group);
      return stored === null ? [] : [{ ...group, stored }];
    });
    return digestMessage({ groups, since: message.madeAt }, language());
  }

  /** `since`: when the message began to tell of it, ms since the epoch. */
  ofGroup(group: StoredGroup, since: number): MatrixMessage {
    const { incidents, links, language } = this.#parts;
    const view = {
      ...{ group, since },
      firing: incidents.firing(group.id, mostListed),
      firingCount: incidents.firingCount(group.id),
      ended: incidents.ended(group.id, since, mostShown),
    };
    return groupMessage(view, links, language());
  }
}
