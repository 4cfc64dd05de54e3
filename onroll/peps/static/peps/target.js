// Says what is weak in a target while it is typed, by the rules that the server holds.
"use strict";
(function () {
  const form = document.querySelector("form[data-target]");
  const found = document.querySelector("[data-found]");
  if (!form || !found || !window.fetch) return;
  const PAUSE = 900;
  let timer = 0;
  let said = "";

  function tell(messages) {
    const now = messages.join("|");
    if (now === said) return;
    said = now;
    found.replaceChildren();
    if (!messages.length) {
      const fine = document.createElement("p");
      fine.className = "govuk-body";
      fine.textContent = "Nothing weak found.";
      found.append(fine);
      return;
    }
    const list = document.createElement("ul");
    list.className = "govuk-list govuk-list--bullet";
    messages.forEach(function (message) {
      const item = document.createElement("li");
      item.textContent = message;
      list.append(item);
    });
    found.append(list);
  }

  async function check() {
    try {
      const answer = await fetch(form.dataset.check, { method: "POST", body: new FormData(form), redirect: "manual" });
      if (answer.ok) tell((await answer.json()).found.map((each) => each.message));
    } catch (error) {
      said = "";
      found.textContent = "No connection: checked when you keep it.";
    }
  }

  form.addEventListener("input", function () {
    window.clearTimeout(timer);
    timer = window.setTimeout(check, PAUSE);
  });
})();
