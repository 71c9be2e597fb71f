const files = import.meta.glob<{ default: Record<string, string> }>("./en/*.json", { eager: true });

export default Object.assign({}, ...Object.values(files).map((file) => file.default)) as Record<
  string,
  string
>;
