/** The drawings that the signs themselves show; a name that is not known shows nothing. */
const FILES = import.meta.glob<string>("../../../../../signs/pictograms/*.svg", {
  query: "?url",
  import: "default",
  eager: true,
});
const URLS = new Map(
  Object.entries(FILES).map(([path, url]) => [path.replace(/^.*\/|\.svg$/g, ""), url]),
);

export function Pictogram({ name }: { name: string }) {
  const url = URLS.get(name);
  return url ? <img src={url} alt="" width="80" height="80" /> : null;
}
