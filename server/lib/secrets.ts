// Credentials in texts that come from outside: what is logged or stored goes through here.

const forms = [
  /\b[rsp]k_(?:test|live)_\w+/g,
  /\bwhsec_\w+/g,
  /\bcal_\w{16,}/g,
  /\bpat\w{14}\.\w+/g,
  /\b(?:basic|bearer)\s+[\w+/=.~-]{8,}/gi,
  /\b(?:SK|AC)[0-9a-f]{32}\b/g,
  /\beyJ[\w.-]+/g,
  /\b[0-9a-f]{32,}\b/g,
]

/** The text with every credential in it replaced by `[secret]`, by the form of the five services' keys. */
export function withoutSecrets(text: string): string {
  return forms.reduce((rest, form) => rest.replaceAll(form, '[secret]'), text)
}
