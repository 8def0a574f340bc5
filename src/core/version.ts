import manifest from '../../package.json' with { type: 'json' };

/** Version of this program, as in its npm package. */
export const version: string = manifest.version;
