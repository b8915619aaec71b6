// El tokenizador de `semilla`: los mismos cortes y las mismas fusiones que `tokenizers`.
LABORATORIO.tokenizador = (() => {
  const { especiales, alfabeto, pares } = LABORATORIO.fusiones;
  const PRIMERO = especiales.length;
  const FUNDIDOS = PRIMERO + 256;

  // El signo con que la biblioteca escribe cada byte dice su número en el vocabulario.
  const numeroDeByte = new Int16Array(256);
  const byteDeNumero = new Uint8Array(256);
  const signos = [...alfabeto].map((s) => s.codePointAt(0));
  let libre = 256;
  for (let byte = 0; byte < 256; byte++) {
    const visible = (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
    const numero = signos.indexOf(visible ? byte : libre++);
    numeroDeByte[byte] = PRIMERO + numero;
    byteDeNumero[numero] = byte;
  }

  const rango = new Map();
  const octetos = especiales.map((e) => new TextEncoder().encode(e));
  for (const byte of byteDeNumero) octetos.push(Uint8Array.of(byte));
  for (let i = 0; i < pares.length; i += 2) {
    const [a, b] = [pares[i], pares[i + 1]];
    rango.set(a * 65536 + b, i / 2);
    octetos.push(Uint8Array.of(...octetos[a], ...octetos[b]));
  }

  // Los cortes, en el orden del tokenizador: terminaciones, cifras y el de GPT-2.
  const TERMINACION = new RegExp(
    "(?<=\\p{L}{3})(?:[ai]ste|[áé]is|[aeiouáéíóú][sn]?)(?!\\p{L})", "gu",
  );
  const CIFRA = /\p{N}/gu;
  const TROZO = new RegExp(
    "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+|" +
      " ?[^\\p{White_Space}\\p{L}\\p{N}]+|\\p{White_Space}+(?!\\P{White_Space})|\\p{White_Space}+",
    "gu",
  );
  const ESPECIAL = new RegExp(especiales.map((e) => e.replace(/[|]/g, "\\|")).join("|"), "gu");

  // Parte un texto por lo que `patron` encuentra; lo hallado y lo demás quedan aparte.
  function aislar(texto, patron) {
    const salen = [];
    let aqui = 0;
    for (const hallado of texto.matchAll(patron)) {
      if (hallado.index > aqui) salen.push(texto.slice(aqui, hallado.index));
      salen.push(hallado[0]);
      aqui = hallado.index + hallado[0].length;
    }
    if (aqui < texto.length) salen.push(texto.slice(aqui));
    return salen;
  }

  // Funde el par de menor rango, el de más a la izquierda si empatan, hasta que no hay.
  function fundir(ids) {
    for (;;) {
      let [mejor, donde] = [Infinity, -1];
      for (let i = 0; i + 1 < ids.length; i++) {
        const r = rango.get(ids[i] * 65536 + ids[i + 1]);
        if (r < mejor) [mejor, donde] = [r, i];
      }
      if (donde < 0) return ids;
      ids.splice(donde, 2, FUNDIDOS + mejor);
    }
  }

  const hechos = new Map();
  function deTrozo(trozo) {
    let ids = hechos.get(trozo);
    if (!ids) {
      ids = fundir(Array.from(new TextEncoder().encode(trozo), (b) => numeroDeByte[b]));
      if (hechos.size > 20000) hechos.clear();
      hechos.set(trozo, ids);
    }
    return ids;
  }

  // De un texto a sus números. Con `literal`, «<|fin|>» escrito por alguien es texto.
  function codificar(texto, { literal = false } = {}) {
    const ids = [];
    for (const parte of literal ? [texto] : aislar(texto, ESPECIAL)) {
      const especial = literal ? -1 : especiales.indexOf(parte);
      if (especial >= 0) {
        ids.push(especial);
        continue;
      }
      for (const sinFinal of aislar(parte, TERMINACION)) {
        for (const sinCifra of aislar(sinFinal, CIFRA)) {
          for (const [trozo] of sinCifra.matchAll(TROZO)) ids.push(...deTrozo(trozo));
        }
      }
    }
    return ids;
  }

  // De números a texto; media letra se ve como �.
  function decodificar(ids, { conEspeciales = true } = {}) {
    const partes = ids.filter((id) => conEspeciales || id >= PRIMERO).map((id) => octetos[id]);
    const todos = new Uint8Array(partes.reduce((n, p) => n + p.length, 0));
    let aqui = 0;
    for (const parte of partes) {
      todos.set(parte, aqui);
      aqui += parte.length;
    }
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(todos);
  }

  // Cómo se enseña una pieza: el espacio es un punto medio y los saltos, una flecha.
  function visible(id) {
    return decodificar([id]).replace(/ /g, "·").replace(/\n/g, "⏎").replace(/\t/g, "⇥");
  }

  return { codificar, decodificar, visible, octetos, especiales, INICIO: 1, FIN: 2, USUARIO: 4, ASISTENTE: 5 };
})();
