import type { People } from '../../commands/capabilities.ts';
import { serverOf, userIdOf } from '../../core/ids.ts';
import type { Settings } from '../../platform/config/schema.ts';
import type { PeopleStore } from '../../platform/store/people.ts';

/** The allow-list of the config as it is now, and the languages that people chose. */
export function createPeople(settings: () => Settings, store: PeopleStore): People {
  const find = (user: string) => settings().people.find((person) => person.user === user);
  const server = serverOf(settings().bot.user);
  return {
    roleOf: (user) => find(user)?.role ?? null,
    roleOfAccount: (localpart) => find(userIdOf(localpart, server))?.role ?? null,
    adminCount: () => settings().people.filter((person) => person.role === 'admin').length,
    list: () => settings().people.map(({ user, role }) => ({ user, role })),
    languageOf: (user) => store.languageOf(user) ?? find(user)?.language ?? settings().language,
    setLanguage: (user, language) => store.setLanguage(user, language),
  };
}
