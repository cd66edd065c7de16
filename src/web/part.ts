/** Its address, in the words of Chromium and Firefox. */
const ADDRESS = /https?:\S+\.js/;
let tries = 0;

/**
 * A part of the page that comes when it is first needed. A browser that follows the standard keeps the failure of an address for good, so
 * the part is then asked for by another. A server of another version has other parts.
 */
export const part = <Module>(load: () => Promise<Module>): Promise<Module> =>
  load()
    .catch((error: Error): Promise<Module> => {
      const [address] = ADDRESS.exec(error.message) ?? [];
      if (address === undefined) throw error;
      tries++;
      return import(/* @vite-ignore */ `${address}?try=${tries}`);
    })
    .catch(() => {
      throw new Error('a part of this page could not be loaded: reload the page');
    });
