// A passkey is asked for by the browser; the page says what for, in data-options, and gets what it signed.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const listed = (keys) => (keys ?? []).map((key) => ({ ...key, id: bytes(key.id) }));

async function create(options) {
  const user = { ...options.user, id: bytes(options.user.id) };
  const publicKey = { ...options, user, challenge: bytes(options.challenge), excludeCredentials: listed(options.excludeCredentials) };
  const made = await navigator.credentials.create({ publicKey });
  return { ...named(made), extensions: JSON.stringify(made.getClientExtensionResults()), response: {
    attestationObject: text(made.response.attestationObject), clientDataJSON: text(made.response.clientDataJSON),
    transports: made.response.getTransports?.() ?? [] } };
}

async function get(options) {
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: listed(options.allowCredentials) };
  const signed = await navigator.credentials.get({ publicKey });
  return { ...named(signed), response: {
    authenticatorData: text(signed.response.authenticatorData), clientDataJSON: text(signed.response.clientDataJSON),
    signature: text(signed.response.signature), userHandle: signed.response.userHandle ? text(signed.response.userHandle) : null } };
}

const named = (key) => ({ id: key.id, rawId: text(key.rawId), type: key.type });

const form = document.getElementById("passkey");
const fault = document.getElementById("passkey-fault");
async function ask() {
  fault.textContent = "";
  if (!window.PublicKeyCredential) { fault.textContent = fault.dataset.none; return; }
  try {
    const options = JSON.parse(form.dataset.options);
    const found = form.dataset.ceremony === "create" ? await create(options) : await get(options);
    form.elements.credential.value = JSON.stringify(found);
    form.requestSubmit();
  } catch { fault.textContent = fault.dataset.words; }
}
if (form) {
  document.getElementById("passkey-go").addEventListener("click", ask);
  ask();
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
