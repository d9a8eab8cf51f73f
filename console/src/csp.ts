// Must be imported before anything that adds a style element: some libraries do not hand the page's nonce on.
export const nonce = document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')?.nonce || undefined;

if (nonce) {
  const create = document.createElement;
  document.createElement = function (this: Document, tag: string, options?: ElementCreationOptions) {
    const element = create.call(this, tag, options);
    if (tag.toLowerCase() === 'style') element.nonce = nonce;
    return element;
  } as typeof document.createElement;
}
