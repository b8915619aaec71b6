"""Estudia la transferencia entre finanzas y tratamientos, con varias semillas.

    python -m herramientas.medidas.estudio_finanzas  # se puede cortar y seguir
    python -m herramientas.medidas.estudio_finanzas --reps 7  # una repetición por punto

Ejecuta las celdas de la lección 12 que definen datos, medida y entrenador, así no hay
una segunda copia. Cada punto es un ajuste en NF4 de PASOS pasos (los de la lección), o
dos seguidos: finanzas desde la base o desde el adaptador de la lección 10, con o sin
repaso de tratamientos; tratamientos solo; y el camino de vuelta, de finanzas a
tratamientos. Guarda qué dijo el modelo en cada fila de prueba de finanzas y cuántas
oraciones de tratamientos acertó. Tras cada punto escribe
resultados/estudio_finanzas.json; un punto que ya está no se repite, salvo que hayan
cambiado los pesos, el adaptador o las celdas. Deja en taller/recursos/datos la copia
que lee la lección. No guarda tiempos.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import os
import tempfile
from datetime import date
from importlib.metadata import version
from pathlib import Path

from tqdm.auto import tqdm

from herramientas.archivos import (
    ADAPTADOR,
    NOTEBOOKS,
    RESULTADOS,
    SEMILLA,
    guardar_json,
)
from taller import intervalo

CUADERNO = NOTEBOOKS / "12_finanzas.ipynb"
PESOS = SEMILLA / "model.safetensors"
RESULTADO = RESULTADOS / "estudio_finanzas.json"
CELDAS = (
    "importar datos formatos leer cargar mezcla config entrenador puntajes f1"
).split()
REPETICIONES = (7, 8, 9)
N = 120  # oraciones de tratamientos
# nombre: (carpeta del adaptador de partida, parte de tratamientos en cada etapa)
PUNTOS = {
    "desde la base": (None, [0.0]),
    "desde el adaptador": (ADAPTADOR, [0.0]),
    "adaptador y repaso": (ADAPTADOR, [0.25]),
    "solo tratamientos": (None, [1.0]),
    "finanzas y vuelta": (None, [0.0, 1.0]),
}


def leccion() -> tuple[dict, str]:
    """El espacio de nombres que dejan las celdas, y el sha256 de su código.

    Los espacios no cuentan: partir o unir celdas no obliga a repetir el estudio.
    """
    cuaderno = json.loads(CUADERNO.read_text(encoding="utf-8"))
    celdas = {c["id"]: "".join(c["source"]) for c in cuaderno["cells"]}
    espacio: dict = {"__name__": "leccion"}
    suma = hashlib.sha256()
    for nombre in CELDAS:
        if f"12-{nombre}" not in celdas:
            raise SystemExit(f"La lección 12 ya no tiene la celda «12-{nombre}».")
        codigo = celdas[f"12-{nombre}"]
        if nombre != "importar":
            suma.update("".join(codigo.split()).encode())
        exec(compile(codigo, f"12-{nombre}", "exec"), espacio)
    return espacio, suma.hexdigest()


def medir_tratamientos(e: dict, modelo) -> dict:
    """Acierto exacto en las primeras oraciones de la prueba de la lección 10."""
    filas = list(e["viejos"]["prueba"])[:N]
    dichas = e["responder"](modelo, filas, 40)
    aciertos = sum(d == f["destino"] for d, f in zip(dichas, filas, strict=True))
    exacto, bajo, alto = (round(float(v), 4) for v in intervalo(aciertos, N))
    return {"aciertos": aciertos, "n": N, "exacto": exacto, "bajo": bajo, "alto": alto}


def medir(e: dict, modelo) -> dict:
    """Lo que dijo en cada fila de finanzas, y su acierto en tratamientos."""
    prueba = e["prueba"]
    etiquetas = e["puntajes"](modelo, prueba["sentimiento"]).argmax(1)
    oraciones = e["responder"](modelo, prueba["entidades"], 80)
    pares = zip(prueba["entidades"], oraciones, strict=True)
    tramos = [e["leer_entidades"](f["texto"], dicho) for f, dicho in pares]
    cuentas = e["contar"](e["entidades"], tramos)
    breves = e["responder"](modelo, prueba["preguntas"], 24)
    pares = zip(prueba["preguntas"], breves, strict=True)
    iguales = [e["sencilla"](d) == e["sencilla"](f["respuesta"]) for f, d in pares]
    return {
        "f1_sentimiento": round(e["f1_macro"](e["verdad"], etiquetas), 4),
        "f1_entidades": round(float(e["f1_micro"](cuentas)), 4),
        "preguntas": sum(iguales),
        "etiquetas": "".join(map(str, etiquetas)),  # una cifra por fila de prueba
        "entidades": cuentas.tolist(),  # (bien, dichas, había) por oración
        "tratamientos": medir_tratamientos(e, modelo),
    }


def un_punto(e: dict, nombre: str, rep: int) -> dict:
    """Un punto con su semilla del azar: entrena cada etapa y mide al final."""
    desde, etapas = PUNTOS[nombre]
    pasos = e["PASOS"]
    with tempfile.TemporaryDirectory(prefix="estudio-") as carpeta:
        for parte in etapas:
            filas = e["mezclar"](pasos * e["LOTE"], rep, parte)
            entrenador = e["entrenador_para"](filas, pasos, rep, desde and str(desde))
            entrenador.train()
            desde = carpeta
            entrenador.save_model(desde)  # la etapa que sigue parte de aquí
    return {"punto": nombre, "rep": rep, "etapas": etapas} | medir(e, entrenador.model)


def antes(e: dict) -> dict:
    """El adaptador de la lección 10, sin tocar."""
    base = e["cargar_base"](quantization_config=e["nf4"], dtype=e["perfil"].dtype)
    return medir(e, e["PeftModel"].from_pretrained(base, str(ADAPTADOR)))


def sello(ruta: Path) -> str:
    return hashlib.sha256(ruta.read_bytes()).hexdigest()


def main() -> None:
    """Mide lo que falta y escribe tras cada punto."""
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--reps", type=int, nargs="+", default=list(REPETICIONES))
    p.add_argument("--salida", type=Path, default=RESULTADO)
    a = p.parse_args()
    os.environ |= {"TALLER_PERFIL": "semilla", "HF_HUB_OFFLINE": "1"}
    e, celdas = leccion()
    informe = {
        "programa": "herramientas/medidas/estudio_finanzas.py",
        "pesos": sello(PESOS),
        "adaptador": sello(ADAPTADOR / "adapter_model.safetensors"),
        "celdas": celdas,
        "pasos": e["PASOS"],
        "lote": e["LOTE"],
        "tasa": e["TASA"],
        "versiones": {n: version(n) for n in ("torch", "transformers", "peft", "trl")},
    }
    sellos = ("pesos", "adaptador", "celdas")
    hecho = {"antes": None, "medidas": []}
    if a.salida.exists():
        viejo = json.loads(a.salida.read_text(encoding="utf-8"))
        if all(viejo.get(s) == informe[s] for s in sellos):
            hecho = {k: viejo[k] for k in hecho}
    hecho["antes"] = hecho["antes"] or antes(e)
    listos = {(m["punto"], m["rep"]) for m in hecho["medidas"]}
    tareas = [(n, r) for r in a.reps for n in PUNTOS if (n, r) not in listos]
    print(f"{len(tareas)} ajustes por hacer", flush=True)
    for nombre, rep in tqdm(tareas, desc="estudio", mininterval=5):
        hecho["medidas"].append(un_punto(e, nombre, rep))
        hoy = {"fecha": date.today().isoformat()}
        guardar_json(a.salida, informe | hoy | hecho)
        m = {k: v for k, v in hecho["medidas"][-1].items() if len(str(v)) < 120}
        print(f"\n{m}", flush=True)
        gc.collect()


if __name__ == "__main__":
    main()
