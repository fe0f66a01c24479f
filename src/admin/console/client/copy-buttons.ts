const SHOWN_MS = 2000;

/**
 * Puts a button after every element with `data-copy`. It copies the value of the attribute, or the text of the
 * element where that is empty.
 */
export function addCopyButtons(part: ParentNode): void {
  // Browsers give a clipboard to pages of https and localhost only.
  if (navigator.clipboard === undefined) return;
  for (const element of part.querySelectorAll<HTMLElement>("[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    // What is read out when the button is pressed: its own text changes too quietly.
    const status = document.createElement("span");
    status.className = "visually-hidden";
    status.setAttribute("role", "status");
    button.addEventListener("click", () => void copy(element, button, status));
    element.after(button, status);
  }
}

async function copy(
  element: HTMLElement,
  button: HTMLButtonElement,
  status: HTMLElement,
): Promise<void> {
  const given = element.dataset["copy"] ?? "";
  const text = given === "" ? (element.textContent ?? "") : given;
  const outcome = await navigator.clipboard.writeText(text).then(
    () => "Copied",
    // Refused by the reader or the browser: they can still mark the text.
    () => "Not copied",
  );
  button.textContent = outcome;
  status.textContent = outcome;
  setTimeout(() => {
    button.textContent = "Copy";
    status.textContent = "";
  }, SHOWN_MS);
}
