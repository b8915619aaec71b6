// `semilla` entera: un Llama de 8 bits en JavaScript. Todo vive dentro de una función sin
// nada de fuera: su texto se copia a un Worker y, si no lo hay, corre en la página por
// trozos. Los pesos son enteros con una escala por fila: w = escala[fila] · entero.
LABORATORIO.motor = function motor(responder, ceder) {
  const partes = {}; // «base» y «adaptador»: cabecera y vistas sobre sus octetos
  const sesiones = new Map(); // una caché KV por panel
  let c; // los ajustes de la base
  let giro; // cosenos y senos de RoPE, por posición
  let z; // los vectores de trabajo

  function decodificar(texto, destino, desde) {
    const letras = atob(texto);
    for (let i = 0; i < letras.length; i++) destino[desde + i] = letras.charCodeAt(i);
    return desde + letras.length;
  }

  function cargar({ parte, cabecera, trozos }) {
    const octetos = new Uint8Array(cabecera.octetos);
    let van = 0;
    for (const trozo of trozos) van = decodificar(trozo, octetos, van);
    if (van !== cabecera.octetos) throw new Error("incompleto");
    partes[parte] = {
      ...cabecera,
      numeros: new Float32Array(octetos.buffer, 0, cabecera.numeros),
      enteros: new Int8Array(octetos.buffer),
      palabras: new Int32Array(octetos.buffer), // los mismos, de cuatro en cuatro
    };
    if (parte !== "base") return;
    c = partes.base;
    const mitad = c.por_cabeza / 2;
    giro = { coseno: new Float64Array(c.contexto * mitad), seno: new Float64Array(c.contexto * mitad) };
    for (let p = 0; p < c.contexto; p++) {
      for (let j = 0; j < mitad; j++) {
        const angulo = p * c.base ** ((-2 * j) / c.por_cabeza);
        giro.coseno[p * mitad + j] = Math.cos(angulo);
        giro.seno[p * mitad + j] = Math.sin(angulo);
      }
    }
    const kv = c.cabezas_kv * c.por_cabeza;
    const de = (n) => new Float64Array(n);
    z = {
      x: de(c.ancho), a: de(c.ancho), q: de(c.ancho), k: de(kv), v: de(kv), mezcla: de(c.ancho),
      puerta: de(c.intermedio), sube: de(c.intermedio), sale: de(c.ancho), medio: de(64),
      puntajes: de(c.contexto), logits: de(c.vocabulario),
    };
  }

  // sale[f] = factor · escala[f] · Σ entero[f, j] · x[j]; con `suma`, se añade a lo que hay.
  // Cuatro filas a la vez y cuatro enteros de cada lectura: así va al doble que de uno en
  // uno. Filas y columnas son múltiplos de cuatro.
  function multiplicar(sale, { numeros, palabras }, [filas, columnas, escala, lugar], x, factor, suma) {
    const largo = columnas >> 2;
    for (let f = 0; f < filas; f += 4) {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      let k0 = (lugar >> 2) + f * largo;
      let k1 = k0 + largo;
      let k2 = k1 + largo;
      let k3 = k2 + largo;
      for (let j = 0; j < columnas; j += 4) {
        const a = x[j];
        const b = x[j + 1];
        const c = x[j + 2];
        const d = x[j + 3];
        let w = palabras[k0++];
        s0 += ((w << 24) >> 24) * a + ((w << 16) >> 24) * b + ((w << 8) >> 24) * c + (w >> 24) * d;
        w = palabras[k1++];
        s1 += ((w << 24) >> 24) * a + ((w << 16) >> 24) * b + ((w << 8) >> 24) * c + (w >> 24) * d;
        w = palabras[k2++];
        s2 += ((w << 24) >> 24) * a + ((w << 16) >> 24) * b + ((w << 8) >> 24) * c + (w >> 24) * d;
        w = palabras[k3++];
        s3 += ((w << 24) >> 24) * a + ((w << 16) >> 24) * b + ((w << 8) >> 24) * c + (w >> 24) * d;
      }
      if (!suma) sale[f] = sale[f + 1] = sale[f + 2] = sale[f + 3] = 0;
      sale[f] += s0 * numeros[escala + f] * factor;
      sale[f + 1] += s1 * numeros[escala + f + 1] * factor;
      sale[f + 2] += s2 * numeros[escala + f + 2] * factor;
      sale[f + 3] += s3 * numeros[escala + f + 3] * factor;
    }
  }

  // Una capa lineal y, si toca, lo que le suma el adaptador: B·(A·x)·α/r.
  function lineal(sale, nombre, x, adaptador) {
    multiplicar(sale, c, c.indice[nombre], x, 1, false);
    const suyo = adaptador && partes.adaptador;
    if (suyo) {
      multiplicar(z.medio, suyo, suyo.indice[`${nombre}.A`], x, 1, false);
      multiplicar(sale, suyo, suyo.indice[`${nombre}.B`], z.medio, suyo.escala, true);
    }
  }

  function norma(sale, nombre, x) {
    const desde = c.indice[nombre][2];
    let suma = 0;
    for (let i = 0; i < c.ancho; i++) suma += x[i] * x[i];
    const r = 1 / Math.sqrt(suma / c.ancho + c.epsilon);
    for (let i = 0; i < c.ancho; i++) sale[i] = x[i] * r * c.numeros[desde + i];
  }

  function girar(v, cabezas, posicion) {
    const mitad = c.por_cabeza / 2;
    for (let h = 0; h < cabezas; h++) {
      for (let j = 0; j < mitad; j++) {
        const [i, co, se] = [h * c.por_cabeza + j, giro.coseno[posicion * mitad + j], giro.seno[posicion * mitad + j]];
        const [u, w] = [v[i], v[i + mitad]];
        v[i] = u * co - w * se;
        v[i + mitad] = u * se + w * co;
      }
    }
  }

  function atender(sesion, capa, p, pesos) {
    const [dh, kv] = [c.por_cabeza, c.cabezas_kv * c.por_cabeza];
    const [claves, valores] = [sesion.k[capa], sesion.v[capa]];
    const grupo = c.cabezas / c.cabezas_kv;
    z.mezcla.fill(0);
    for (let h = 0; h < c.cabezas; h++) {
      const suya = Math.floor(h / grupo) * dh;
      let mayor = -Infinity;
      for (let t = 0; t <= p; t++) {
        let punto = 0;
        for (let j = 0; j < dh; j++) punto += z.q[h * dh + j] * claves[t * kv + suya + j];
        z.puntajes[t] = punto / Math.sqrt(dh);
        if (z.puntajes[t] > mayor) mayor = z.puntajes[t];
      }
      let suma = 0;
      for (let t = 0; t <= p; t++) suma += z.puntajes[t] = Math.exp(z.puntajes[t] - mayor);
      for (let t = 0; t <= p; t++) {
        const peso = z.puntajes[t] / suma;
        if (pesos) pesos[((capa * c.cabezas + h) * sesion.cuantos + p) * sesion.cuantos + t] = peso;
        for (let j = 0; j < dh; j++) z.mezcla[h * dh + j] += peso * valores[t * kv + suya + j];
      }
    }
  }

  // Un token: llena la caché en su posición y deja en z.x el vector de salida.
  function avanzar(sesion, token, p, pesos) {
    const [, , escala, lugar] = c.indice.tabla;
    for (let i = 0; i < c.ancho; i++) {
      z.x[i] = c.enteros[lugar + token * c.ancho + i] * c.numeros[escala + token];
    }
    const con = sesion.adaptador;
    for (let capa = 0; capa < c.capas; capa++) {
      norma(z.a, `${capa}.norma1`, z.x);
      lineal(z.q, `${capa}.q`, z.a, con);
      lineal(z.k, `${capa}.k`, z.a, con);
      lineal(z.v, `${capa}.v`, z.a, con);
      girar(z.q, c.cabezas, p);
      girar(z.k, c.cabezas_kv, p);
      sesion.k[capa].set(z.k, p * z.k.length);
      sesion.v[capa].set(z.v, p * z.v.length);
      atender(sesion, capa, p, pesos);
      lineal(z.sale, `${capa}.o`, z.mezcla, con);
      for (let i = 0; i < c.ancho; i++) z.x[i] += z.sale[i];
      norma(z.a, `${capa}.norma2`, z.x);
      lineal(z.puerta, `${capa}.puerta`, z.a, con);
      lineal(z.sube, `${capa}.sube`, z.a, con);
      for (let i = 0; i < c.intermedio; i++) {
        z.puerta[i] = (z.puerta[i] / (1 + Math.exp(-z.puerta[i]))) * z.sube[i];
      }
      lineal(z.sale, `${capa}.baja`, z.puerta, con);
      for (let i = 0; i < c.ancho; i++) z.x[i] += z.sale[i];
    }
  }

  function sesionDe(nombre, adaptador) {
    let sesion = sesiones.get(nombre);
    if (!sesion || sesion.adaptador !== adaptador) {
      const largo = c.contexto * c.cabezas_kv * c.por_cabeza;
      const nueva = () => Array.from({ length: c.capas }, () => new Float64Array(largo));
      sesion = { adaptador, ids: [], k: nueva(), v: nueva() };
      sesiones.set(nombre, sesion);
    }
    return sesion;
  }

  // Lee `ids` y devuelve los logits que siguen al último. Con caché, solo calcula lo que
  // no había leído ya; con `atencion`, lo lee todo y devuelve además sus pesos, en el
  // orden (capa, cabeza, quien mira, a quién).
  async function leer({ sesion: nombre, ids, adaptador = false, cache = true, atencion = false }) {
    const sesion = sesionDe(nombre, adaptador);
    let comunes = 0;
    if (cache && !atencion) {
      while (comunes < ids.length - 1 && sesion.ids[comunes] === ids[comunes]) comunes++;
    }
    sesion.cuantos = ids.length;
    sesion.ids.length = comunes;
    const pesos = atencion ? new Float32Array(c.capas * c.cabezas * ids.length ** 2) : null;
    const inicio = performance.now();
    let turno = inicio;
    for (let p = comunes; p < ids.length; p++) {
      avanzar(sesion, ids[p], p, pesos);
      sesion.ids.push(ids[p]);
      if (ceder && performance.now() - turno > 30) {
        await ceder();
        turno = performance.now();
      }
    }
    norma(z.a, "norma", z.x);
    multiplicar(z.logits, c, c.indice.tabla, z.a, 1, false);
    return {
      logits: Float32Array.from(z.logits),
      pesos,
      leidos: ids.length - comunes,
      ms: performance.now() - inicio,
    };
  }

  // Los encargos se atienden de uno en uno, en el orden en que llegan.
  let cola = Promise.resolve();
  return ({ id, orden, ...resto }) => {
    cola = cola.then(async () => {
      try {
        const dado = await (orden === "cargar" ? cargar(resto) : leer(resto));
        responder({ id, dado });
      } catch (error) {
        responder({ id, error: String(error.message || error) });
      }
    });
  };
};
