const EVERY_MS = 4000;

/**
 * Fetches every element with `data-live` again and again while the page is looked at, and puts it in place when it
 * has changed. What is open stays open (`data-key`), and nothing moves for whoever is in it with the keyboard or marks
 * its text.
 */
export function keepLive(page: Document, added: (element: HTMLElement) => void): void {
  for (const element of page.querySelectorAll<HTMLElement>("[data-live]")) {
    const address = element.dataset["live"] ?? "";
    let last: string | undefined;
    const timer = setInterval(() => {
      if (page.hidden || isInUse(element, page)) return;
      void (async () => {
        const answer = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
        // Signed out: the page itself says so when it is loaded again.
        if (answer?.redirected) clearInterval(timer);
        if (!answer?.ok || answer.redirected) return;
        const text = await answer.text();
        if (text === last) return;
        last = text;
        replace(element, text);
        added(element);
      })();
    }, EVERY_MS);
  }
}

function isInUse(element: HTMLElement, page: Document): boolean {
  // A click leaves the focus behind too, on a row that was only read.
  if (element.querySelector(":focus-visible") !== null) return true;
  const selection = page.getSelection();
  return selection !== null && !selection.isCollapsed && element.contains(selection.anchorNode);
}

function replace(element: HTMLElement, text: string): void {
  const open = new Set(
    [...element.querySelectorAll<HTMLElement>("details[open][data-key]")].map(
      (details) => details.dataset["key"],
    ),
  );
  const fragment = document.createRange().createContextualFragment(text);
  for (const details of fragment.querySelectorAll<HTMLDetailsElement>("details[data-key]")) {
    details.open = open.has(details.dataset["key"]);
  }
  element.replaceChildren(fragment);
}
