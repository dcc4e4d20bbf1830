export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

const TOKEN = /<\?xml[^?]*\?>|<(\/?)([\w-]+)((?:\s+[\w.-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  "#10": "\n",
  "#13": "\r",
  "#9": "\t",
};

/** Reads XML without comments, CDATA and document types; throws at the first thing that is not well formed. */
export function readXml(xml: string): Element[] {
  const root: Element = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < xml.length; at = TOKEN.lastIndex) {
    const token = TOKEN.exec(xml);
    if (!token) throw new Error(`not well formed at ${JSON.stringify(xml.slice(at, at + 60))}`);
    const [, closing, name, attributes = "", empty, text] = token;
    const current = open.at(-1) as Element;
    if (text !== undefined) current.text += decode(text);
    else if (closing) {
      if (current.name !== name) throw new Error(`</${name}> closes <${current.name}>`);
      open.pop();
    } else if (name) {
      const element: Element = { name, attributes: readAttributes(attributes), children: [], text: "" };
      current.children.push(element);
      if (!empty) open.push(element);
    }
  }
  if (open.length !== 1) throw new Error(`<${open.at(-1)?.name}> is not closed`);
  return root.children;
}

function readAttributes(text: string): Record<string, string> {
  const found = [...text.matchAll(/([\w.-]+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, decode(value)] as const);
  if (new Set(found.map(([name]) => name)).size !== found.length) throw new Error(`an attribute twice in ${text}`);
  return Object.fromEntries(found);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML 1.0 cannot hold
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u;

function decode(text: string): string {
  if (NOT_XML.test(text)) throw new Error(`characters that XML cannot hold in ${JSON.stringify(text)}`);
  return text.replace(/&([^;]*);?/g, (written, name: string) => {
    const character = ENTITIES[name];
    if (character === undefined || !written.endsWith(";")) throw new Error(`no such entity: ${written}`);
    return character;
  });
}
