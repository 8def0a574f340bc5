import { relationOf, type LabEvent } from '../event.ts';

/** A text about alerts that is no edit: it tells of what is new, and rings. */
export const isNews = (event: LabEvent): boolean =>
  event.type === 'm.room.message' &&
  event.content['msgtype'] === 'm.text' &&
  event.content['io.urtc.alert'] !== undefined &&
  relationOf(event).rel_type !== 'm.replace';
