/* Passkeys: asks the server what to ask, asks the device, and sends its answer with the form. The pages work
   without this file by codes; the buttons it needs are hidden until it has found that passkeys can work here. */
(() => {
  'use strict'
  /* A passkey belongs to a name: a computer's number alone has none. */
  const can = window.isSecureContext && 'PublicKeyCredential' in window && !/^[\d.]+$|^\[/.test(location.hostname)

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
  const withBytes = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }))

  const ask = async (form, address) => {
    const body = new FormData()
    body.append('csrfmiddlewaretoken', form.elements.csrfmiddlewaretoken.value)
    const answer = await fetch(address, { method: 'POST', body, credentials: 'same-origin' })
    if (!answer.ok) throw new Error('refused')
    return (await answer.json()).publicKey
  }

  const answerOf = (credential) => {
    const { response } = credential
    const said = { clientDataJSON: text(response.clientDataJSON) }
    for (const name of ['attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
      if (response[name]) said[name] = text(response[name])
    }
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response: said,
      clientExtensionResults: credential.getClientExtensionResults()
    })
  }

  const send = (form, answer) => {
    const field = form.elements.passkey
    field.disabled = false
    field.value = answer
    form.submit()
  }

  const use = async (form) => {
    try {
      const asked = await ask(form, form.dataset.onrollPasskey)
      const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials: withBytes(asked.allowCredentials) }
      send(form, answerOf(await navigator.credentials.get({ publicKey })))
    } catch (problem) {
      /* Called off by the person: the page stays as it is. */
      if (problem.name !== 'NotAllowedError' && problem.name !== 'AbortError') send(form, '{}')
    }
  }

  const make = async (form) => {
    try {
      const asked = await ask(form, form.dataset.onrollNewPasskey)
      const publicKey = {
        ...asked,
        challenge: bytes(asked.challenge),
        user: { ...asked.user, id: bytes(asked.user.id) },
        excludeCredentials: withBytes(asked.excludeCredentials)
      }
      send(form, answerOf(await navigator.credentials.create({ publicKey })))
    } catch (problem) {
      if (problem.name !== 'NotAllowedError' && problem.name !== 'AbortError') send(form, '{}')
    }
  }

  if (!can) return
  document.querySelectorAll('form[data-onroll-passkey]').forEach((form) => {
    const button = form.querySelector('[data-onroll-use-passkey]')
    if (!button) return
    button.hidden = false
    button.addEventListener('click', () => use(form))
  })
  document.querySelectorAll('form[data-onroll-new-passkey]').forEach((form) => {
    form.querySelector('[data-onroll-when-passkeys]').hidden = false
    document.querySelector('[data-onroll-when-none]').hidden = true
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      make(form)
    })
  })
})()
