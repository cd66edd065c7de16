/** A part of the page that comes when it is first needed. A server of another version has other parts. */
export const part = <Module>(load: () => Promise<Module>): Promise<Module> =>
  load().catch(() => {
    throw new Error('a part of this page could not be loaded: reload the page');
  });
