/** The tokens as values, for canvases. Read again when the theme changes. */
export interface PlanColours {
  ink: string;
  sheet: string;
  bad: string;
  accent: string;
  classes: Record<string, string>;
}

const CLASSES = ["car", "truck", "bus", "motorcycle", "bicycle", "person"];

export function readColours(): PlanColours {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: token("ink"),
    sheet: token("sheet"),
    bad: token("bad"),
    accent: token("accent"),
    classes: Object.fromEntries(CLASSES.map((name) => [name, token(name)])),
  };
}
