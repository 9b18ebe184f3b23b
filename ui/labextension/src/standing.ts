/** How bestfix stands in a notebook, in words. */

import type { Fixes } from './fixes';
import { PROTOCOL } from './protocol';

/** What the status bar says. */
export interface Standing {
  /** One or two words. */
  readonly state: 'on' | 'on click' | 'asking a model' | 'not in this kernel' | '';
  /** What does not work, and what would help, a line each. */
  readonly problems: readonly string[];
}

/**
 * Return how bestfix stands.
 *
 * @param fixes of the notebook; `null` where there is none.
 * @param version of bestfix on the server; empty where there is none.
 */
export function standing(fixes: Fixes | null, version: string): Standing {
  const problems = fixes ? [...missing(fixes), ...mismatch(fixes, version)] : [];
  return { state: fixes ? state(fixes) : '', problems };
}

function state({ link, hello, asking }: Fixes): Standing['state'] {
  if (link.state === 'missing' || link.state === 'outdated') return 'not in this kernel';
  if (!hello) return '';
  if (asking) return 'asking a model';
  return hello.settings.automatic === false ? 'on click' : 'on';
}

function missing({ link, hello }: Fixes): readonly string[] {
  const kernel = link.context.kernelDisplayName;
  switch (link.state) {
    case 'missing':
      return [
        `bestfix is not installed in the kernel ${kernel}: run \`%pip install "bestfix[jupyter]"\`, then restart it.`,
      ];
    case 'outdated':
      return [
        `The bestfix of the kernel ${kernel} is too old: run \`%pip install -U "bestfix[jupyter]"\`, then restart it.`,
      ];
    default:
      return hello?.missing ?? [];
  }
}

function mismatch({ hello }: Fixes, version: string): readonly string[] {
  if (!hello) return [];
  if (hello.protocol !== PROTOCOL)
    return [
      `The kernel's bestfix ${hello.version} does not fit this page: install the same version in both places.`,
    ];
  if (version && hello.version !== version)
    return [
      `The kernel has bestfix ${hello.version}, the server ${version}: install the same version in both places.`,
    ];
  return [];
}
