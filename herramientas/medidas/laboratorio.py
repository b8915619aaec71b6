"""Mide el modelo de la página: cuánto pesa, cuánto corre y cuánto acierta.

    python -m herramientas.medidas.laboratorio                # todo, unos minutos
    python -m herramientas.medidas.laboratorio --solo pesos velocidad

Los aciertos salen de torch con los mismos pesos que lleva la página (enteros de 8 bits
por su escala, en float32): las pruebas exigen que los dos escriban lo mismo. La
velocidad se mide en Chromium, sobre el sitio ya construido, con `file://`: la mediana
de varias corridas codiciosas con caché; solo vale con la máquina libre. Escribe
resultados/laboratorio.json.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
from datetime import date
from importlib.metadata import version
from pathlib import Path

import psutil

import taller.hilos  # antes que torch: reparte bien los núcleos
from herramientas.archivos import (
    ADAPTADOR,
    RAIZ,
    RESULTADOS,
    SEMILLA,
    guardar_json,
    sello,
)
from herramientas.navegador import buscar_chromium
from herramientas.semilla.exportar_pagina import (
    EN_EL_BLOQUE,
    NORMAS,
    empacado,
    guiones,
    trozos_de,
)

RESULTADO = RESULTADOS / "laboratorio.json"
PAGINA = RAIZ / "_build" / "html" / "book" / "laboratorio.html"
PARTES = ("pesos", "aciertos", "velocidad")
CORRIDAS, TOKENS, COMIENZO = 5, 150, "En este capítulo"
ERRORES = 6
CORRER = """async ([comienzo, tokens, corrida]) => {
    const leer = await LABORATORIO.semilla(["base"]);
    let ids = LABORATORIO.tokenizador.codificar(comienzo);
    const sesion = `medida-${corrida}`;
    ids = [...ids, LABORATORIO.mayor((await leer({ sesion, ids })).logits)];
    const inicio = performance.now();
    for (let i = 0; i < tokens; i++) {
        ids = [...ids, LABORATORIO.mayor((await leer({ sesion, ids })).logits)];
    }
    return (1000 * tokens) / (performance.now() - inicio);
}"""


def desempacar(cabecera: dict, octetos: bytes) -> dict:
    """Los pesos, en numpy y float32, tal como los usa la página: entero por escala."""
    import numpy as np

    numeros = np.frombuffer(octetos, "<f4", count=cabecera["numeros"])
    pesos = {}
    for nombre, (filas, columnas, van, lugar) in cabecera["indice"].items():
        escalas = numeros[van : van + filas]
        if lugar < 0:
            pesos[nombre] = escalas.copy()
            continue
        q = np.frombuffer(octetos, np.int8, filas * columnas, lugar)
        pesos[nombre] = q.reshape(filas, columnas) * escalas[:, None]
    return pesos


def modelo_de_la_pagina(con_adaptador: bool):
    """`semilla` en torch y float32 con los pesos que usa la página.

    Argumentos: `con_adaptador`, si se suma el de la lección 10, fusionado. Devuelve un
    `LlamaForCausalLM` en evaluación.
    """
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    pesos = desempacar(*empacado("base"))
    estado = {
        "model.embed_tokens.weight": pesos["tabla"],
        "lm_head.weight": pesos["tabla"],
        "model.norm.weight": pesos["norma"],
    }
    cabecera, octetos = empacado("adaptador")
    lora = desempacar(cabecera, octetos) if con_adaptador else {}
    for i in range(empacado("base")[0]["capas"]):
        for nuestro, suyo in (EN_EL_BLOQUE | NORMAS).items():
            matriz = pesos[f"{i}.{nuestro}"]
            if f"{i}.{nuestro}.A" in lora:
                b, a = (lora[f"{i}.{nuestro}.{x}"].astype("float64") for x in "BA")
                matriz = (matriz + cabecera["escala"] * (b @ a)).astype("float32")
            estado[f"model.layers.{i}.{suyo}.weight"] = matriz
    modelo = LlamaForCausalLM(LlamaConfig.from_pretrained(SEMILLA)).float()
    modelo.load_state_dict({n: torch.from_numpy(m) for n, m in estado.items()})
    return modelo.eval()


def medir_pesos() -> dict:
    """Megabytes de lo que descarga la página, como texto."""
    textos = guiones()

    def mb(parte: str) -> float:
        return round(sum(len(textos[t]) for t in trozos_de(parte)) / 1e6, 2)

    return {"base_mb": mb("base"), "adaptador_mb": mb("adaptador")}


def medir_aciertos() -> dict:
    """Acierto exacto con el adaptador, y algunos errores de verdad de `prueba`."""
    from transformers import AutoTokenizer

    from taller import cargar_datos, generar, intervalo
    from taller.conjuntos.tratamientos import instruccion, respuestas

    modelo = modelo_de_la_pagina(con_adaptador=True)
    tok = AutoTokenizer.from_pretrained(SEMILLA)
    libres, suyos = list(cargar_datos("libres")["libres"]), ("vos", "usted")
    conjuntos = {f"libres, {a}": [f | {"a": a} for f in libres] for a in suyos}
    conjuntos["prueba"] = [
        f
        for f in cargar_datos("tratamientos")["prueba"]
        if f["de"] == "tú" and f["a"] in suyos
    ]
    aciertos, errores = {}, []
    for nombre, filas in conjuntos.items():
        pedidos = [[{"role": "user", "content": instruccion(f)}] for f in filas]
        dichas = generar(modelo, tok, pedidos, max_tokens=40)
        bien = [d in respuestas(f, f["a"]) for d, f in zip(dichas, filas, strict=True)]
        p, bajo, alto = intervalo(sum(bien), len(filas))
        aciertos[nombre] = {"n": len(filas), "exacto": p, "bajo": bajo, "alto": alto}
        if nombre == "prueba":
            errores = [
                {
                    "pedido": instruccion(f),
                    "respondio": d,
                    "se_esperaba": f["destino"],
                }
                for f, d, b in zip(filas, dichas, bien, strict=True)
                if not b
            ][:ERRORES]
    return {"aciertos": aciertos, "errores": errores}


def segundos_del_obrero() -> float:
    """Segundos de procesador de los hilos en que corre el motor, en Linux; si no, 0.

    Apenas dependen de qué más haga la máquina; los tokens por segundo, sí.
    """
    total = 0
    for hijo in psutil.Process().children(recursive=True):
        for hilo in Path(f"/proc/{hijo.pid}/task").glob("*/stat"):
            nombre, _, resto = hilo.read_text("utf-8").rpartition(")")
            if "DedicatedWorker" in nombre:
                total += sum(map(int, resto.split()[11:13]))
    return total / os.sysconf("SC_CLK_TCK") if total else 0.0


def medir_velocidad() -> dict:
    """Tokens por segundo de la página, en Chromium sin ventana y con `file://`.

    Termina con una frase si falta el sitio o el navegador.
    """
    from playwright.sync_api import sync_playwright

    if not (ruta := buscar_chromium()):
        raise SystemExit("No hay Chromium: instálalo o dilo con TALLER_CHROMIUM.")
    if not PAGINA.is_file():
        raise SystemExit("Falta el sitio: ejecuta «make libro» y repite.")
    with sync_playwright() as marco:
        navegador = marco.chromium.launch(executable_path=ruta)
        pagina = navegador.new_page()
        pagina.goto(PAGINA.as_uri())
        panel = pagina.locator('[data-laboratorio="generacion"]')
        panel.locator("button").click()
        panel.locator(".dentro-lab").wait_for(timeout=300_000)
        pagina.set_default_timeout(600_000)
        pagina.evaluate(CORRER, [COMIENZO, TOKENS, "calienta"])
        antes = segundos_del_obrero()
        corridas = [
            pagina.evaluate(CORRER, [COMIENZO, TOKENS, i]) for i in range(CORRIDAS)
        ]
        procesador = segundos_del_obrero() - antes
        cual = navegador.version
        navegador.close()
    carga = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return {
        "tokens_por_segundo": round(statistics.median(corridas), 1),
        "corridas": [round(c, 1) for c in corridas],
        "tokens_por_corrida": TOKENS,
        "ms_de_procesador_por_token": round(1000 * procesador / CORRIDAS / TOKENS, 1)
        or None,
        "chromium": cual,
        "nucleos": os.cpu_count(),
        "carga_del_equipo": carga and round(carga, 1),
    }


def main() -> None:
    """Mide lo pedido y conserva lo demás de la medida anterior."""
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--solo", nargs="+", choices=PARTES, default=PARTES)
    p.add_argument("--salida", type=Path, default=RESULTADO)
    a = p.parse_args()
    informe = {}
    if a.salida.is_file():
        informe = json.loads(a.salida.read_text(encoding="utf-8"))
    hacer = {"pesos": medir_pesos, "velocidad": medir_velocidad}
    hacer["aciertos"] = medir_aciertos
    informe |= {
        "programa": "herramientas/medidas/laboratorio.py",
        "semilla_sha256": sello(SEMILLA / "model.safetensors"),
        "adaptador_sha256": sello(ADAPTADOR / "adapter_model.safetensors"),
    }
    for parte in a.solo:
        medido = hacer[parte]()
        informe |= medido if parte == "aciertos" else {parte: medido}
        informe |= {"fecha": date.today().isoformat(), "torch": version("torch")}
        guardar_json(a.salida, informe)
        print(parte, json.dumps(medido, ensure_ascii=False)[:400], flush=True)


if __name__ == "__main__":
    main()
