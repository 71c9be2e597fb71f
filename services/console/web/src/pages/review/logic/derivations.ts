// `quantities.md` of a package as blocks of plain text. It is read as the words that it is: no Markdown
// beyond what the page has, and never any HTML.

export interface Derivation {
  name: string;
  /** The heading's own text after the name, for example `3 s (2.984 to 3.016)`. */
  figure: string;
  words: string[];
  formula: string | null;
  /** The limit that the words hold the quantity to, where they do. */
  limit: { value: number; unit: string } | null;
}

export interface Derivations {
  sentence: string;
  facts: string[];
  quantities: Derivation[];
  closing: string[];
}

/** As `services/package/src/derive/words.rs` writes it, in the unit of the quantity. */
const LIMIT =
  /(?:The lower end, -?[\d.]+ \S+, (?:is above|reaches|is not above) .+? of|Its lower end is not known; .+? is) (-?[\d.]+) (\S+?)\.$/;

export function derivations(markdown: string): Derivations {
  const page: Derivations = { sentence: "", facts: [], quantities: [], closing: [] };
  const paragraphs = markdown.split(/\n{2,}/).map((text) => text.trim());
  for (const paragraph of paragraphs.filter((text) => text !== "")) {
    const last = page.quantities.at(-1);
    if (paragraph.startsWith("# ")) continue;
    if (paragraph.startsWith("## ")) {
      const [name = "", ...figure] = paragraph.slice(3).split(": ");
      page.quantities.push({
        name,
        figure: figure.join(": "),
        words: [],
        formula: null,
        limit: null,
      });
    } else if (paragraph.startsWith("- ")) {
      page.facts.push(...paragraph.split("\n").map((line) => line.replace(/^- /, "")));
    } else if (!last) {
      page.sentence = page.sentence === "" ? paragraph : page.sentence;
    } else if (paragraph.startsWith("Formula: ")) {
      last.formula = paragraph.slice("Formula: ".length).replace(/^`|`$/g, "");
    } else if (last.formula !== null) {
      page.closing.push(paragraph);
    } else {
      last.words.push(paragraph);
      const found = LIMIT.exec(paragraph);
      if (found?.[1] && found[2]) last.limit = { value: Number(found[1]), unit: found[2] };
    }
  }
  return page;
}
