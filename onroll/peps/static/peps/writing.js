// Saves each section of the page while it is written: two seconds after the last key and on leaving a box. What could not
// be sent stays in the page, is sent when the connection is back, and the browser asks before the page is left.
"use strict";
document.querySelectorAll("form[data-writing]").forEach(function (form) {
  const status = form.querySelector("[data-saved]");
  if (!status || !window.fetch || !window.FormData) return;

  const PAUSE = 2000;
  const AGAIN = 5000;
  let timer = 0;
  let changed = false;
  let sending = false;
  let since = "";
  let leaving = false;
  // What the server did not take. It stays in the page, and the browser asks before the page is left.
  let unsaved = false;

  const now = () => new Date().toTimeString().slice(0, 5);

  function say(words, warn) {
    status.textContent = words;
    status.classList.toggle("onroll-saved--warn", Boolean(warn));
  }

  function later(pause) {
    window.clearTimeout(timer);
    timer = window.setTimeout(send, pause);
  }

  function noConnection() {
    since = since || now();
    say("No connection. Kept on this page since " + since + "; sent when it is back.", true);
    later(AGAIN);
  }

  function take(answer) {
    Object.keys(answer.was || {}).forEach(function (key) {
      const held = form.elements["was-" + key];
      if (held) held.value = answer.was[key];
    });
    since = "";
    unsaved = false;
    const wrong = (answer.wrong || []).length;
    say(wrong ? "Saved at " + answer.at + ", but for what is wrong in " + wrong + " of the boxes" : "Saved at " + answer.at);
  }

  async function send() {
    if (!changed || sending) return;
    sending = true;
    changed = false;
    let trouble = false;
    try {
      const data = new FormData(form);
      const answer = await fetch(form.getAttribute("action") || window.location.href, {
        method: "POST",
        body: data,
        headers: { "X-Onroll": "autosave" },
        redirect: "manual",
      });
      if (answer.type === "opaqueredirect" || answer.status === 403) {
        unsaved = true;
        say("You are signed out. Press Save: you are asked to sign in, and what you wrote is kept.", true);
      } else if (answer.status === 409) {
        unsaved = true;
        say("Somebody else saved this section too. Press Save to see both.", true);
      } else if (answer.status === 422) {
        unsaved = true;
        const told = await answer.json();
        say(told.state === "leak" ? "Not saved: the text tells something of where the child lives. Press Save to see." : told.why, true);
      } else if (answer.ok) {
        take(await answer.json());
      } else {
        trouble = true;
      }
    } catch (error) {
      trouble = true;
    }
    sending = false;
    if (trouble) {
      changed = true;
      noConnection();
    } else if (changed) {
      later(PAUSE);
    }
  }

  form.addEventListener("input", function () {
    changed = true;
    if (!since) say("Saving…");
    later(PAUSE);
  });
  form.addEventListener("change", function () {
    changed = true;
    later(200);
  });
  form.addEventListener("focusout", function () {
    if (changed) later(200);
  });
  form.addEventListener("submit", function () {
    leaving = true;
    window.clearTimeout(timer);
  });
  window.addEventListener("online", function () {
    if (changed) later(0);
  });
  window.addEventListener("beforeunload", function (event) {
    if ((changed || sending || unsaved) && !leaving) event.preventDefault();
  });
});
