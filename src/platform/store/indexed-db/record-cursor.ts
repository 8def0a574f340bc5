import type { IDBCursorWithValue, IDBObjectStore } from 'fake-indexeddb';
import type { ChangeList } from './change.ts';
import { keyText } from './key-text.ts';
import { bytesOfValue } from './stored-value.ts';

type OpenCursor = IDBObjectStore['openCursor'];

const recordCursor = (cursor: IDBCursorWithValue, store: string, changes: ChangeList): void => {
  const update = cursor.update.bind(cursor);
  cursor.update = (given) => {
    const value = bytesOfValue(given);
    const request = update(given);
    const fill = changes.expect();
    request.addEventListener('success', () =>
      fill({ kind: 'put', store, key: keyText(request.result), value }),
    );
    return request;
  };
  const remove = cursor.delete.bind(cursor);
  cursor.delete = () => {
    const keys = [keyText(cursor.primaryKey)];
    const request = remove();
    const fill = changes.expect();
    request.addEventListener('success', () => fill({ kind: 'delete', store, keys }));
    return request;
  };
};

/** Notes what the cursors of a store or of one of its indexes write; `store` is the store's name. */
export const recordCursors = (
  source: { openCursor: OpenCursor },
  store: string,
  changes: ChangeList,
): void => {
  const openCursor = source.openCursor.bind(source);
  source.openCursor = (query, direction) => {
    const request = openCursor(query, direction);
    let seen: IDBCursorWithValue | null = null;
    // One cursor is reported again at every step; null: past the end.
    request.addEventListener('success', () => {
      const cursor = request.result;
      if (cursor === null || cursor === seen) return;
      seen = cursor;
      recordCursor(cursor, store, changes);
    });
    return request;
  };
};
