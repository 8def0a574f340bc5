/** The one rule of the house that the linter does not bring, as a plugin of its own (.oxlintrc.json). */
import { documented } from './documented.ts';

export default { meta: { name: 'house' }, rules: { documented } };
