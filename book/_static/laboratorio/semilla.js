// Trae los pesos y habla con el motor, que trabaja en un Worker para que la página no se
// detenga. El Worker nace del texto del motor: así también lo hay con `file://`.
{
  const L = LABORATORIO;
  const llegados = {}; // parte → { cabecera, trozos }
  const cargadas = new Map(); // parte → promesa
  const esperan = new Map();
  let enviar = null;
  let cuenta = 0;
  let sinObrero = false; // si uno falló, el motor corre en la página

  L.recibir = (parte, i, texto, cabecera) => {
    llegados[parte] ||= { trozos: [] };
    llegados[parte].trozos[i] = texto;
    if (cabecera) llegados[parte].cabecera = cabecera;
  };

  function alResponder({ id, dado, error }) {
    const { bien, mal } = esperan.get(id);
    esperan.delete(id);
    if (error) mal(new Error(error));
    else bien(dado);
  }

  function arrancar() {
    try {
      if (sinObrero) throw new Error("sin Worker");
      const codigo = `const atender = (${L.motor})((m) => postMessage(m), null);
        onmessage = (e) => atender(e.data);`;
      const url = URL.createObjectURL(new Blob([codigo], { type: "text/javascript" }));
      const obrero = new Worker(url);
      obrero.onmessage = (e) => alResponder(e.data);
      obrero.onerror = () => {
        for (const { mal } of esperan.values()) mal(new Error("el Worker falló"));
        esperan.clear();
        cargadas.clear();
        enviar = null;
        sinObrero = true;
      };
      return (m) => obrero.postMessage(m);
    } catch {
      // Sin Worker, el motor corre aquí y cede el paso cada treinta milisegundos.
      return L.motor(alResponder, () => new Promise((seguir) => setTimeout(seguir)));
    }
  }

  function pedir(mensaje) {
    enviar ||= arrancar();
    return new Promise((bien, mal) => {
      const id = ++cuenta;
      esperan.set(id, { bien, mal });
      enviar({ id, ...mensaje });
    });
  }

  async function traer(parte, decir) {
    const guiones = L.datos.semilla[parte];
    for (const [i, guion] of guiones.entries()) {
      decir(`Cargando ${parte === "base" ? "semilla" : "el adaptador"}: ${i} de ${guiones.length}…`);
      await L.cargar(guion);
    }
    const { cabecera, trozos } = llegados[parte];
    await pedir({ orden: "cargar", parte, cabecera, trozos });
  }

  // Carga lo que falte de `partes` y devuelve una función que lee tokens.
  L.semilla = async (partes, decir = () => {}) => {
    for (const parte of partes) {
      if (!cargadas.has(parte)) {
        const promesa = traer(parte, decir);
        cargadas.set(parte, promesa);
        promesa.catch(() => cargadas.delete(parte));
      }
      try {
        await cargadas.get(parte);
      } catch {
        throw L.error("El modelo no llegó entero. Revisa la conexión y vuelve a intentarlo.");
      }
    }
    return (encargo) => pedir({ orden: "leer", ...encargo });
  };
  L.CONTEXTO = 256;

  // Lo que se sortea: los puntajes pasan por temperatura, top-k, top-p y min-p, en el
  // orden de `generate`. Devuelve { ids, p }: los que quedan, de más a menos probable.
  L.filtrar = (logits, { temperatura = 1, k = 0, p = 1, m = 0 } = {}) => {
    const ids = Array.from(logits.keys()).sort((a, b) => logits[b] - logits[a] || a - b);
    const mayor = logits[ids[0]];
    const pesos = ids.map((i) => Math.exp((logits[i] - mayor) / temperatura));
    let quedan = ids.length;
    if (k > 0 && k < quedan) {
      const corte = logits[ids[k - 1]];
      while (logits[ids[k]] === corte) k++; // los que empatan con el último también
      quedan = k;
    }
    const suma = (n) => pesos.slice(0, n).reduce((s, v) => s + v, 0);
    if (p < 1) {
      const total = suma(quedan);
      let [van, n] = [0, 0];
      do van += pesos[n++] / total;
      while (n < quedan && van < p);
      quedan = n;
    }
    if (m > 0) {
      let n = 1;
      while (n < quedan && pesos[n] >= m * pesos[0]) n++;
      quedan = n;
    }
    const total = suma(quedan);
    return { ids: ids.slice(0, quedan), p: pesos.slice(0, quedan).map((v) => v / total) };
  };

  // Un azar que se repite con la misma semilla (mulberry32).
  L.azar = (semilla) => {
    let a = semilla >>> 0;
    return () => {
      a = (a + 0x6d2b79f5) | 0;
      let t = Math.imul(a ^ (a >>> 15), 1 | a);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
  };

  // El mayor de los puntajes; si empatan, el de número menor, como argmax.
  L.mayor = (logits) => {
    let mejor = 0;
    for (let i = 1; i < logits.length; i++) if (logits[i] > logits[mejor]) mejor = i;
    return mejor;
  };
}
