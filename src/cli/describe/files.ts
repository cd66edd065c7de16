import { bashCompletion, fishCompletion, zshCompletion } from './completion.js';
import { manualPage } from './manual.js';
import { settingsDocument } from './settings.js';

/** The files of the repository that are made from the schema, by `npm run generate`. */
export const generatedFiles: Readonly<Record<string, () => string>> = {
  'docs/settings.md': settingsDocument,
  'ops/man/pointing-monitor.1': manualPage,
  'ops/completion/pointing-monitor.bash': bashCompletion,
  'ops/completion/_pointing-monitor': zshCompletion,
  'ops/completion/pointing-monitor.fish': fishCompletion,
};
