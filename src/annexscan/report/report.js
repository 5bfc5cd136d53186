"use strict";
(() => {
  const list = document.getElementById("items");
  const form = document.getElementById("filters");
  const shown = document.getElementById("shown");
  const cards = [...list.children].map((element) => ({
    element,
    score: Number(element.dataset.score),
    text: element.textContent.normalize("NFKC").toLowerCase(),
    places: [...element.querySelectorAll(".place")].map((place) => place.dataset),
  }));
  const ofCard = ["decision", "status", "kind", "language"];
  const ofPlace = ["source", "seller"];

  const fits = (card, wanted) =>
    ofCard.every((name) => !wanted[name] || card.element.dataset[name] === wanted[name]) &&
    card.places.some((place) => ofPlace.every((name) => !wanted[name] || place[name] === wanted[name])) &&
    wanted.words.every((word) => card.text.includes(word));

  const orders = {
    report: () => 0,
    high: (a, b) => b.score - a.score,
    low: (a, b) => a.score - b.score,
  };

  function apply() {
    const wanted = Object.fromEntries(new FormData(form));
    wanted.words = wanted.text.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const card of cards) {
      card.element.hidden = !fits(card, wanted);
      count += card.element.hidden ? 0 : 1;
    }
    list.append(...[...cards].sort(orders[wanted.order]).map((card) => card.element));
    shown.textContent = count === cards.length ? `All ${count} shown.` : `${count} of ${cards.length} shown.`;
  }

  // report.html#kind=leg_irons&decision=flag opens filtered; #item-3 always shows that item.
  function followAddress() {
    const address = location.hash.slice(1);
    if (address.includes("=")) {
      form.reset();
      for (const [name, value] of new URLSearchParams(address)) {
        const field = form.elements.namedItem(name);
        if (field) field.value = value;
      }
      apply();
    } else if (address && document.getElementById(address)?.hidden) {
      form.reset();
      apply();
      document.getElementById(address).scrollIntoView();
    }
  }

  if (form) {
    form.hidden = false;
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(apply));
    addEventListener("hashchange", followAddress);
    apply();
    followAddress();
  }

  const belief = document.getElementById("belief");
  if (belief) {
    const bounds = Object.fromEntries(Object.entries(belief.dataset).map(([name, value]) => [name, Number(value)]));
    const slider = document.getElementById("prevalence");
    const share = (real, wrong) => (real ? real / (real + wrong) : 0);
    const compute = () => {
      const oneIn = 10 ** Number(slider.value);
      const p = 1 / oneIn;
      const low = Math.floor(100 * share(p * bounds.recallLow, (1 - p) * bounds.falseHigh));
      const high = Math.ceil(100 * share(p * bounds.recallHigh, (1 - p) * bounds.falseLow));
      const words = `1 in ${Math.round(oneIn).toLocaleString("en")}`;
      document.getElementById("assumed").textContent = words;
      slider.setAttribute("aria-valuetext", words);
      document.getElementById("believed").textContent = `${low} to ${high}`;
    };
    slider.closest("[hidden]").hidden = false;
    slider.addEventListener("input", compute);
    compute();
  }

  document.documentElement.dataset.ready = "yes";
})();
