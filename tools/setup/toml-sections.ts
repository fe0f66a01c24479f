/** A part of a TOML file: its header (`""` for what stands before the first) and its lines, as they are. */
export interface TomlSection {
  readonly header: string;
  readonly text: string;
}

/**
 * A wrangler.toml in its sections, whose texts together are the file again. As much of TOML as editing one
 * value needs; comments stay where they are, and what stands in a comment is not a section.
 */
export function tomlSections(toml: string): readonly TomlSection[] {
  return toml.split(/^(?=[ \t]*\[)/m).map((text) => {
    const [, header = ""] = /^[ \t]*(\[{1,2}[^\]]*\]{1,2})/.exec(text) ?? [];
    return { header: header.replaceAll(/[ \t]/g, ""), text };
  });
}

/** The text that stands in quotes behind a key of a section. */
export function textIn(section: TomlSection, key: string): string | undefined {
  return lineOf(key).exec(section.text)?.groups?.["value"];
}

/** The section with another text behind a key that it has; everything else stays, to the letter. */
export function withTextIn(section: TomlSection, key: string, value: string): TomlSection {
  const line = lineOf(key);
  if (!line.test(section.text)) throw new Error(`${section.header} has no ${key} in quotes.`);
  const text = section.text.replace(
    line,
    (_line, before: string, quote: string) => before + quote + value + quote,
  );
  return { ...section, text };
}

function lineOf(key: string): RegExp {
  return new RegExp(
    `^(?<before>[ \\t]*${key}[ \\t]*=[ \\t]*)(?<quote>["'])(?<value>.*?)\\k<quote>`,
    "m",
  );
}
