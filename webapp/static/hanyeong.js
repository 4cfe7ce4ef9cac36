// What the pages do beyond HTML: the history of searches, keys, matches, copying, citing.
// Every page works without this file. Listeners sit on the document, so what htmx swaps in needs no wiring.
const byId = (id) => document.getElementById(id);
const say = (text) => { byId("said").textContent = text; };
const SHORTCUTS = "hanyeong-shortcuts";

// --- Search as you type -----------------------------------------------------------------------
// One search is one entry of the browser's history: the first letters after a finished search push a
// new entry, what is typed on replaces it. Enter, leaving the box and following a link finish a search.

let finished = true;

document.addEventListener("htmx:beforeOnLoad", (event) => {
  const form = byId("find");
  if (event.detail.elt !== form) return;
  const elsewhere = event.detail.pathInfo.finalRequestPath !== location.pathname + location.search;
  if (elsewhere && finished) form.setAttribute("hx-push-url", "true");
  else form.removeAttribute("hx-push-url"); // hx-replace-url, in the page, holds then
  if (elsewhere) finished = false;
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt === byId("find") && event.detail.requestConfig.triggeringEvent?.type === "submit") {
    finished = true;
    if (matchMedia("(hover: none)").matches) byId("q")?.blur(); // put the phone's keyboard away
  }
});

document.addEventListener("focusout", (event) => {
  if (event.target.id === "q") finished = true;
});

let announcing;
document.addEventListener("htmx:afterSwap", () => {
  byId("trouble")?.setAttribute("hidden", "");
  clearTimeout(announcing); // only the count at rest is worth hearing
  announcing = setTimeout(() => say(document.querySelector("[data-count]")?.textContent ?? ""), 600);
});

for (const failure of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(failure, () => {
    const trouble = byId("trouble");
    if (trouble) trouble.textContent = document.body.dataset.trouble;
    trouble?.removeAttribute("hidden");
    say(document.body.dataset.trouble);
  });
}

// --- Keys -------------------------------------------------------------------------------------

const composing = (event) => event.isComposing || event.keyCode === 229;

// The letter on the key, also while the keyboard is switched to Hangul (j gives ㅓ there).
const letter = (event) => {
  if (/^[\x21-\x7e]$/.test(event.key)) return event.key;
  if (event.code === "Slash") return "/";
  return /^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : event.key;
};

const editable = (element) => element.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

// An Enter that ends a syllable is not an Enter that searches, nor does its Escape clear the box.
document.addEventListener("keydown", (event) => {
  if (event.target.id !== "q" || !composing(event)) return;
  if ([event.key, event.code].some((key) => key === "Enter" || key === "Escape")) event.preventDefault();
  event.stopImmediatePropagation();
}, true);

const moveHit = (by) => {
  const hits = [...document.querySelectorAll(".hit .place, .browse .title a")];
  const at = hits.indexOf(document.activeElement);
  const next = hits[at < 0 ? (by > 0 ? 0 : hits.length - 1) : Math.min(Math.max(at + by, 0), hits.length - 1)];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "center" });
};

// Escape leaves the query as it is (a browser would clear it), the arrow goes on to the hits.
const leaveBox = (event) => {
  if (event.key !== "Escape" && event.key !== "ArrowDown") return;
  event.preventDefault();
  if (event.key === "Escape") event.target.blur();
  else moveHit(1);
};

const KEYS = {
  "/": () => { byId("q")?.focus(); byId("q")?.select(); }, // not every page has a search box
  j: () => moveHit(1),
  k: () => moveHit(-1),
  n: () => moveMatch(1),
  p: () => moveMatch(-1),
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || composing(event)) return;
  if (editable(event.target)) {
    if (event.target.id === "q") leaveBox(event);
    return;
  }
  const action = KEYS[letter(event)];
  if (!action || byId("cite").open || !shortcuts) return;
  event.preventDefault();
  action();
});

// Readers whose own tools use single keys can switch ours off; a browser may forbid to keep the choice.
const kept = (value) => {
  try {
    if (value) localStorage.setItem(SHORTCUTS, value);
    return localStorage.getItem(SHORTCUTS);
  } catch {
    return value ?? null;
  }
};

let shortcuts = kept() !== "off";

document.addEventListener("change", (event) => {
  if (event.target.id !== "shortcuts") return;
  shortcuts = event.target.checked;
  kept(shortcuts ? "on" : "off");
});

// --- Matches on the reading page --------------------------------------------------------------

let current = 0; // the number of the match last gone to, from 1

// The first step goes to the match in the passage that the link named, else to the next one in sight.
const firstMatch = (by, total) => {
  const named = document.querySelector(":target mark[id]");
  if (named) return Number(named.dataset.match);
  const marks = [...document.querySelectorAll("mark[id]")];
  const below = marks.findIndex((mark) => mark.getBoundingClientRect().top > 60);
  return by > 0 ? Math.max(below, 0) + 1 : below > 0 ? below : total;
};

const moveMatch = (by) => {
  const total = Number(document.querySelector("[data-matches]")?.dataset.matches ?? 0);
  if (!total) return;
  current = current ? ((current - 1 + by + total) % total) + 1 : firstMatch(by, total);
  document.querySelectorAll("mark.here").forEach((mark) => mark.classList.remove("here"));
  document.querySelectorAll(`mark[data-match="${current}"]`).forEach((mark) => mark.classList.add("here"));
  byId(`m${current}`).scrollIntoView({ block: "center" });
  document.querySelector(".counter").textContent = `${current}/${total}`;
  say(`${current}/${total}`);
};

// --- Both sides of a pair ----------------------------------------------------------------------
// The passage under the pointer or the keyboard lights up with its other side; a chosen one stays lit.

const light = (name, pair) => {
  for (const passage of document.querySelectorAll(`.${name}`)) {
    if (passage.dataset.pair !== pair) passage.classList.remove(name);
  }
  if (!pair) return;
  for (const passage of document.querySelectorAll(`[data-pair="${pair}"]`)) passage.classList.add(name);
};

// The controls of a heading, of code and of a note stand beside the passage, not inside it.
const pairAt = (element) => {
  const passage = element.closest?.("[data-pair]") ??
    element.closest?.(".headed, .coded, .note")?.querySelector("[data-pair]");
  return passage?.dataset.pair;
};

const chooseNamed = () => {
  const named = location.hash && byId(decodeURIComponent(location.hash.slice(1)));
  if (named) light("chosen", pairAt(named));
};

if (document.querySelector("[data-pair]")) {
  for (const kind of ["pointerover", "focusin"]) {
    document.addEventListener(kind, (event) => light("lit", pairAt(event.target)));
  }
  document.documentElement.addEventListener("pointerleave", () => light("lit"));
  document.addEventListener("click", (event) => {
    if (event.target.closest("a, button, input, summary") || String(getSelection())) return;
    const pair = event.target.closest("main") && pairAt(event.target);
    light("chosen", pair && document.querySelector(`.chosen[data-pair="${pair}"]`) ? undefined : pair);
  });
  addEventListener("hashchange", chooseNamed);
  chooseNamed();
}

// --- Copying and citing -----------------------------------------------------------------------

// navigator.clipboard exists only where the page came over https or from this machine.
const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    (byId("cite").open ? byId("cite") : document.body).append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
};

const confirmOn = (control, text) => {
  control.dataset.done = text;
  say(text);
  setTimeout(() => delete control.dataset.done, 1600);
};

const copyLink = async (link) => {
  if (await copy(link.href)) confirmOn(link, document.body.dataset.copied);
  else location.assign(link.href);
};

const copyCitation = async (button) => {
  const text = button.closest(".citation").querySelector("[data-text]").innerText;
  if (await copy(text)) confirmOn(button, document.body.dataset.copiedText);
};

const openCitation = async (link) => {
  const dialog = byId("cite");
  try {
    const response = await fetch(link.href);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    dialog.querySelector("div").replaceChildren(page.getElementById("citation"));
  } catch {
    location.assign(link.href);
    return;
  }
  reveal(dialog);
  dialog.showModal();
};

// --- A link to the words that are selected ------------------------------------------------------
// /p/<address>?…&at=text#<anchor>:~:text=…: the server leaves the fragment to the browser, which marks the words.
// Browsers match whole words only (a Korean word reaches from space to space), the first ones on the page, and
// within one block. Where these words cannot be told from others, the link leads to the passage alone.
// Source: https://wicg.github.io/scroll-to-text-fragment/

const WHOLE = 60; // characters of a selection that stands in the link as it is; a longer one as its two ends
const ENDS = 4; // words of each end
const AROUND = 5; // words before and behind that may tell it from others

const encoded = (text) => encodeURIComponent(text.trim().replace(/\s+/g, " ")).replace(/-/g, "%2D");

// The text that a reader sees in an element, as a browser looks through it: cells and blocks apart.
const seen = (root) => {
  const nodes = document.createTreeWalker(root, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement.closest("script, .tools, .changed, .quote, .vh") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  const starts = new Map();
  let text = "", block = null;
  while (nodes.nextNode()) {
    const here = nodes.currentNode.parentElement.closest("td, th, .passage, li, p, a:not(.ref), summary");
    if (block !== here && text) text += "\t";
    block = here;
    starts.set(nodes.currentNode, text.length);
    text += nodes.currentNode.data.replace(/\s/g, " ");
  }
  return { text, starts };
};

// What is selected, from word end to word end, as places in the page's text; and the passage it begins in.
const selected = () => {
  const range = getSelection().rangeCount ? getSelection().getRangeAt(0) : null;
  if (!range || range.collapsed) return null;
  const { text, starts } = seen(document.body);
  const inside = [...starts.keys()].filter((node) => range.intersectsNode(node) && node.parentElement.closest(".passage"));
  const place = (node, offset) => starts.get(node) + offset;
  const spans = inside.map((node) => [node, node === range.startContainer ? range.startOffset : 0,
    node === range.endContainer ? range.endOffset : node.length]).filter(([node, from, to]) => node.data.slice(from, to).trim());
  if (!spans.length) return null;
  const last = spans.at(-1);
  let start = place(spans[0][0], spans[0][1]), end = place(last[0], last[2]);
  while (/\s/.test(text[start])) start += 1;
  while (/\s/.test(text[end - 1])) end -= 1;
  while (start > 0 && /\S/.test(text[start - 1])) start -= 1;
  while (end < text.length && /\S/.test(text[end])) end += 1;
  return { text, start, end, passage: spans[0][0].parentElement.closest(".passage") };
};

const wordsOf = (text) => text.split(/ +/).filter(Boolean);

// The directive behind `:~:text=`; empty where the first such words on the page are others.
const directive = ({ text, start, end }) => {
  const quoted = text.slice(start, end);
  const parts = quoted.split("\t"), head = wordsOf(parts[0]), tail = wordsOf(parts.at(-1));
  const short = parts.length === 1 && (quoted.length <= WHOLE || head.length < 2);
  const most = parts.length === 1 ? Math.min(ENDS, Math.floor(head.length / 2)) : ENDS;
  const first = short ? quoted : head.slice(0, most).join(" ");
  const said = short ? encoded(quoted) : `${encoded(first)},${encoded(tail.slice(-most).join(" "))}`;
  const low = text.toLowerCase(); // a browser does not tell capitals apart
  const isFirst = (before, behind) => low.indexOf((before + text.slice(start, start + first.length) + behind).toLowerCase()) === start - before.length;
  if (isFirst("", "")) return said;
  const before = text.slice(0, start).split("\t").at(-1), behind = text.slice(end).split("\t")[0];
  for (let count = 1; count <= AROUND; count += 1) {
    const prefix = before.match(new RegExp(`(?:\\S+ +){${count}}$`))?.[0];
    if (prefix && isFirst(prefix, "")) return `${encoded(prefix)}-,${said}`;
    const suffix = short && behind.match(new RegExp(`^(?: +\\S+){${count}}`))?.[0];
    if (suffix && isFirst("", suffix)) return `${said},-${encoded(suffix)}`;
  }
  return "";
};

const linkToSelection = () => {
  const choice = selected();
  if (!choice) return "";
  const { id, lang } = choice.passage;
  const address = id.split("-")[0];
  const link = new URL(document.querySelector(`.tools [data-copy][href*="/p/${address}?lang=${lang}"]`).href);
  const words = directive(choice);
  if (!words) return link.href;
  link.searchParams.set("at", "text");
  return `${link.href}#${id}:~:text=${words}`;
};

let selecting;
document.addEventListener("selectionchange", () => {
  clearTimeout(selecting);
  selecting = setTimeout(() => {
    const button = byId("quote"), choice = button && selected();
    if (!button) return;
    button.hidden = !choice;
    if (!choice) return;
    const box = getSelection().getRangeAt(0).getBoundingClientRect();
    const frame = button.offsetParent.getBoundingClientRect();
    const middle = box.left + box.width / 2 - button.offsetWidth / 2;
    const inside = Math.max(8, Math.min(middle, document.documentElement.clientWidth - button.offsetWidth - 8));
    button.style.left = `${inside - frame.left}px`;
    button.style.top = `${box.bottom + 8 - frame.top}px`;
  }, 150);
});

// A click on the button must not end the selection.
document.addEventListener("mousedown", (event) => {
  if (event.target.closest("[data-quote]")) event.preventDefault();
});

const copyQuoted = async (button) => {
  if (await copy(linkToSelection())) confirmOn(button, document.body.dataset.copied);
};

const CLICKS = {
  "[data-quote]": copyQuoted,
  "[data-copy]": copyLink,
  "[data-cite]": openCitation,
  "[data-copy-text]": copyCitation,
  "[data-step]": (button) => moveMatch(Number(button.dataset.step)),
};

document.addEventListener("click", (event) => {
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  for (const [selector, action] of Object.entries(CLICKS)) {
    const control = event.target.closest(selector);
    if (!control) continue;
    event.preventDefault();
    action(control);
    return;
  }
  if (event.target.id === "cite") event.target.close(); // a click beside the dialog
});

// The page may have searched on since it was loaded; the other language shows the same results.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-hl]");
  if (!link) return;
  const here = new URL(location.href);
  here.searchParams.set("hl", link.dataset.hl);
  if (!document.body.classList.contains("failed")) link.href = here.href;
}, true);

// Who came from results goes back to these, with their filters and their page, and not to all for the words.
const back = document.querySelector(".back[data-results]");
if (back && document.referrer) {
  const from = new URL(document.referrer);
  const to = new URL(back.href);
  const same = from.searchParams.get("q") === to.searchParams.get("q");
  if (from.origin === to.origin && from.pathname === to.pathname && same) back.href = from.href;
}

// --- What only makes sense with a script ------------------------------------------------------

const reveal = (root) => root.querySelectorAll(".script-only").forEach((element) => { element.hidden = false; });

byId("shortcuts").checked = shortcuts;
reveal(document);
