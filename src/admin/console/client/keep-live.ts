const EVERY_MS = 4000;

/**
 * Fetches every element with `data-live` again and again while the page is looked at, and puts it in place when it
 * has changed. What is open stays open (`data-key`), and nothing moves under the cursor of whoever is in it.
 */
export function keepLive(page: Document, added: (element: HTMLElement) => void): void {
  for (const element of page.querySelectorAll<HTMLElement>("[data-live]")) {
    const address = element.dataset["live"] ?? "";
    let last: string | undefined;
    const timer = setInterval(() => {
      if (page.hidden || element.contains(page.activeElement)) return;
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
