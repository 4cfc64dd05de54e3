/* Every page works without this file. It starts govuk-frontend's parts where a page has any, moves
   the focus to what an act left to read, and searches while one types. */
(() => {
  'use strict'
  const { body, currentScript } = document
  body.classList.add('js-enabled')
  if ('noModule' in HTMLScriptElement.prototype) body.classList.add('govuk-frontend-supported')

  const startGovuk = async (scope) => {
    if (!scope.querySelector('[data-module^="govuk-"]')) return
    const { initAll } = await import(currentScript.dataset.govuk)
    initAll({ scope })
    withoutExpanded()
  }

  /* govuk-frontend says of a radio button that opens a question that it is expanded, which ARIA does not know
     of radio buttons. The question that opens is the next thing read. */
  const withoutExpanded = () => {
    document.querySelectorAll('input[type="radio"][aria-expanded]').forEach((radio) => radio.removeAttribute('aria-expanded'))
  }

  /* After an act the page that follows opens on its notice; after a failed form govuk-frontend opens it on
     the error summary. */
  const focusNotice = () => {
    const notice = document.querySelector('[data-onroll-focus]')
    if (notice && !document.querySelector('.govuk-error-summary')) notice.focus()
  }

  /* <form method="post" data-onroll-live="results">: what the form answers replaces what is in the element
     with that id. The words go in the body of the request, never into an address. */
  const searchAsOneTypes = (form) => {
    /* What is put into a page is not read out by itself: what the answer calls its status is said here. */
    const said = document.createElement('p')
    said.className = 'govuk-visually-hidden'
    said.setAttribute('role', 'status')
    form.after(said)
    let timer = null
    let running = null
    const ask = async () => {
      running?.abort()
      running = new AbortController()
      try {
        const answer = await fetch(form.getAttribute('action') || location.href, {
          method: 'POST',
          body: new FormData(form),
          headers: { 'X-Onroll-Part': form.dataset.onrollLive },
          credentials: 'same-origin',
          signal: running.signal
        })
        if (!answer.ok) return
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
        const found = page.getElementById(form.dataset.onrollLive)
        const here = document.getElementById(form.dataset.onrollLive)
        if (found && here) {
          here.replaceChildren(...found.childNodes)
          startGovuk(here)
          said.textContent = here.querySelector('[role="status"]')?.textContent ?? ''
        }
      } catch (problem) {
        if (problem.name !== 'AbortError') form.removeAttribute('data-onroll-live')
      }
    }
    form.addEventListener('input', () => {
      if (!form.dataset.onrollLive) return
      clearTimeout(timer)
      timer = setTimeout(ask, 250)
    })
  }

  /* <select data-onroll-submit>: choosing sends the form. Without script its button does. */
  const sendOnChange = (box) => box.addEventListener('change', () => box.form.requestSubmit())

  /* <input type="checkbox" data-onroll-all="children">: ticks or unticks every box of that name. */
  const tickAll = (box) => {
    const boxes = () => document.querySelectorAll(`input[type="checkbox"][name="${box.dataset.onrollAll}"]`)
    box.addEventListener('change', () => boxes().forEach((other) => { other.checked = box.checked }))
  }

  /* A page that waits for long work asks again by itself, and keeps the focus where it is. */
  const follow = (part) => {
    const again = async () => {
      try {
        const answer = await fetch(location.href, { credentials: 'same-origin' })
        if (!answer.ok) return
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
        const next = page.getElementById(part.id)
        if (!next) return location.reload()
        part.replaceChildren(...next.childNodes)
        setTimeout(again, 2000)
      } catch {
        setTimeout(again, 10000)
      }
    }
    setTimeout(again, 2000)
  }

  /* Two minutes before a sign-in ends for want of use, the person is asked; one press keeps it. Another tab that is
     used keeps it too, so the tabs tell each other. */
  const WARNED = 2 * 60 * 1000
  const warnBeforeTheEnd = (box) => {
    const lasts = Number(box.dataset.onrollIdle) * 1000
    const tabs = 'BroadcastChannel' in window ? new BroadcastChannel('onroll-staying') : null
    let timers = []
    const later = () => {
      timers.forEach(clearTimeout)
      timers = [
        setTimeout(() => {
          box.hidden = false
          box.querySelector('button').focus()
        }, lasts - WARNED),
        setTimeout(() => {
          box.querySelector('h2').textContent = 'You are signed out'
          box.querySelector('p').textContent = 'What you typed is still here. Send the form: you sign in, and it is offered again.'
          box.querySelector('button').hidden = true
        }, lasts)
      ]
      box.hidden = true
    }
    box.querySelector('form').addEventListener('submit', async (event) => {
      event.preventDefault()
      const answer = await fetch(box.dataset.onrollStay, { method: 'POST', body: new FormData(event.target), credentials: 'same-origin' })
      if (answer.status !== 204) return location.reload()
      tabs?.postMessage('used')
      later()
    })
    tabs?.addEventListener('message', later)
    tabs?.postMessage('used')
    later()
  }

  document.addEventListener('DOMContentLoaded', () => {
    startGovuk(document)
    document.querySelectorAll('[data-onroll-idle]').forEach(warnBeforeTheEnd)
    document.addEventListener('click', withoutExpanded)
    focusNotice()
    document.querySelectorAll('form[data-onroll-live]').forEach(searchAsOneTypes)
    document.querySelectorAll('select[data-onroll-submit]').forEach(sendOnChange)
    document.querySelectorAll('input[data-onroll-all]').forEach(tickAll)
    document.querySelectorAll('[data-onroll-follow][id]').forEach(follow)
  })
})()
