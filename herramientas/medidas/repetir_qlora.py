"""Repite el ajuste de la lección 10 con varias semillas del azar y anota el acierto.

    python -m herramientas.medidas.repetir_qlora  # tres repeticiones, semilla, CPU

Ejecuta las celdas de la lección tal como están, así no hay una segunda copia del
entrenamiento. Escribe resultados/qlora.json al terminar cada repetición, y deja el
adaptador de la primera en taller/recursos/adaptador.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
import time
from datetime import date
from pathlib import Path

from herramientas.archivos import ADAPTADOR, NOTEBOOKS, RESULTADOS, guardar_json
from herramientas.cuadernos.leer import ENTORNO

CUADERNO = NOTEBOOKS / "10_qlora_sft.ipynb"
RESULTADO = RESULTADOS / "qlora.json"
FUERA = {"instalar", "ejercicio", "solucion"}
SIN = ("10-listo", "10-control", "10-curva")  # dibujan, o cargan el adaptador anterior


def celdas(hasta: str | None = None, sin: tuple[str, ...] = ()) -> list:
    """(id, código) de la lección, en orden y sin ejercicios.

    Argumentos: `hasta`, el id de la última celda que se quiere (por omisión, todas);
    `sin`, los ids que se saltan.
    Termina con una frase si la lección ya no tiene la celda `hasta`.
    """
    lista = []
    for celda in json.loads(CUADERNO.read_text(encoding="utf-8"))["cells"]:
        rotulos = set(celda["metadata"].get("tags", []))
        if celda["cell_type"] != "code" or FUERA & rotulos or celda["id"] in sin:
            continue
        lista.append((celda["id"], "".join(celda["source"])))
        if celda["id"] == hasta:
            return lista
    if hasta:
        raise SystemExit(f"La lección 10 ya no tiene la celda «{hasta}».")
    return lista


def guardar_adaptador(entrenador) -> None:
    """Sustituye el adaptador del paquete por este, sin rutas de esta máquina."""
    provisional = ADAPTADOR.with_name("adaptador.tmp")
    shutil.rmtree(provisional, ignore_errors=True)
    provisional.mkdir()
    with tempfile.TemporaryDirectory() as carpeta:
        entrenador.save_model(carpeta)
        pesos = "adapter_model.safetensors"
        shutil.copy(Path(carpeta) / pesos, provisional / pesos)
        ajustes = json.loads((Path(carpeta) / "adapter_config.json").read_text())
    ajustes["base_model_name_or_path"] = "semilla"
    ajustes["target_modules"].sort()  # peft los guarda sin orden fijo
    texto = json.dumps(ajustes, indent=1, sort_keys=True) + "\n"
    (provisional / "adapter_config.json").write_text(texto)
    shutil.rmtree(ADAPTADOR, ignore_errors=True)
    os.replace(provisional, ADAPTADOR)


def repetir(semilla: int, guardar: bool) -> dict:
    """Corre la lección una vez con esa semilla del azar; devuelve sus cifras."""
    espacio: dict = {"__name__": "leccion"}
    for ident, codigo in celdas(hasta="10-despues", sin=SIN):
        exec(compile(codigo, ident, "exec"), espacio)
        if ident == "10-config":
            espacio["comunes"]["seed"] = semilla
    if guardar:
        guardar_adaptador(espacio["entrenador"])
    filas, exacto, intervalo = (espacio[n] for n in ("prueba", "exacto", "intervalo"))

    def contar(respuestas, de) -> dict:
        aciertos = sum(exacto(r, f) for r, f in zip(respuestas, de, strict=True))
        p, bajo, alto = intervalo(aciertos, len(de))
        return {"n": len(de), "exacto": p, "bajo": bajo, "alto": alto}

    salida = {"semilla": semilla}
    for nombre in ("copia", "antes", "despues"):
        salida[nombre] = contar(espacio[nombre], filas[: len(espacio[nombre])])
    for destino in ("vos", "usted"):
        pares = [
            (r, f)
            for r, f in zip(espacio["despues"], filas, strict=True)
            if f["a"] == destino
        ]
        salida[destino] = contar([r for r, _ in pares], [f for _, f in pares])
    for parte, (p, bajo, alto, n) in espacio["otras"].items():
        salida[parte] = {"n": n, "exacto": p, "bajo": bajo, "alto": alto}
    return salida


def main() -> None:
    """Repite y escribe, sin dejar nunca un archivo a medias."""
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--semillas", type=int, nargs="+", default=[7, 8, 9])
    a = p.parse_args()
    os.environ |= ENTORNO | {"MPLBACKEND": "Agg"}
    repeticiones = []
    for numero, semilla in enumerate(a.semillas, 1):
        inicio = time.perf_counter()
        print(f"Repetición {numero} de {len(a.semillas)}…", flush=True)
        repeticiones.append(repetir(semilla, guardar=numero == 1))
        informe = {
            "fecha": date.today().isoformat(),
            "programa": "herramientas/medidas/repetir_qlora.py",
            "nucleos": os.cpu_count(),
            "repeticiones": repeticiones,
        }
        guardar_json(RESULTADO, informe)
        print(f"{time.perf_counter() - inicio:.0f} s en total", flush=True)


if __name__ == "__main__":
    main()
