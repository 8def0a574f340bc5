import { describe, expect, it } from 'vitest';
import { parseUserId } from '../../../../src/core/ids.ts';
import { Secret } from '../../../../src/core/secret.ts';
import { createPeopleStore } from '../../../../src/platform/store/people.ts';
import { stateIn } from './new-state.ts';
import { createTokenNotes } from '../../../../src/platform/store/token-notes.ts';
import { testMasterKey } from './state-folder.ts';
import { tempFolder } from './temp-folder.ts';

describe('people', () => {
  it('keep their language over a restart', () => {
    const folder = tempFolder();
    const anna = parseUserId('@anna:example.org');
    const database = stateIn(folder);
    const people = createPeopleStore(database);
    expect(people.languageOf(anna)).toBeNull();
    people.setLanguage(anna, 'zh');
    people.setLanguage(anna, 'en');
    people.setLanguage(anna, 'zh');
    database.close();
    const reopened = stateIn(folder);
    expect(createPeopleStore(reopened).languageOf(anna)).toBe('zh');
    expect(createPeopleStore(reopened).languageOf(parseUserId('@ben:example.org'))).toBeNull();
    reopened.close();
  });
});

describe('token notes', () => {
  it('[#25] a handle is short, stable, and tells nothing without the master key', () => {
    const database = stateIn(tempFolder());
    const token = new Secret('CANARYtoken');
    const handle = createTokenNotes(database, testMasterKey()).handleOf(token);
    expect(handle).toMatch(/^t[0-9a-hjkmnp-tv-z]{6}$/);
    expect(createTokenNotes(database, testMasterKey()).handleOf(token)).toBe(handle);
    expect(createTokenNotes(database, testMasterKey(2)).handleOf(token)).not.toBe(handle);
    const notes = createTokenNotes(database, testMasterKey());
    const handles = Array.from({ length: 1000 }, (_, index) =>
      notes.handleOf(new Secret(`token${index}`)),
    );
    expect(new Set(handles).size).toBe(1000);
    database.close();
  });

  it('keeps, replaces and removes a note', () => {
    const database = stateIn(tempFolder());
    const notes = createTokenNotes(database, testMasterKey());
    expect(notes.noteOf('t000000')).toBeNull();
    notes.setNote('t000000', 'for the neighbours');
    notes.setNote('t000000', 'for the choir');
    expect(notes.noteOf('t000000')).toBe('for the choir');
    notes.setNote('t000000', '');
    expect(notes.noteOf('t000000')).toBeNull();
    database.close();
  });
});
