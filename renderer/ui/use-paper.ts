import { useEffect, useState } from 'react';
import { useKiosk } from '../kiosk.tsx';

/**
 * Pages of a paper, fetched beside the view, as addresses an image can show. They are given back when the screen leaves.
 * @returns `null` while they are on their way, an empty list once the step has gone
 */
export function usePaper(resource: string | undefined): string[] | null {
  const { host } = useKiosk();
  const [pages, setPages] = useState<string[] | null>(null);
  useEffect(() => {
    if (resource === undefined) return;
    let gone = false;
    let made: string[] = [];
    void host.paper(resource).then((paper) => {
      if (gone) return;
      made = (paper?.pages ?? []).map((page) =>
        paper?.mime === 'image/svg+xml' ? URL.createObjectURL(new Blob([page], { type: paper.mime })) : page,
      );
      setPages(made);
    });
    return () => {
      gone = true;
      setPages(null);
      for (const address of made) if (address.startsWith('blob:')) URL.revokeObjectURL(address);
    };
  }, [host, resource]);
  return pages;
}
