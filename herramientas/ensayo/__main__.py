"""Ensaya los cuadernos con un perfil de GPU, en una CPU y sin descargar nada.

    python -m herramientas.ensayo                # todos, con el perfil t4
    python -m herramientas.ensayo grande         # con el otro perfil
    python -m herramientas.ensayo t4 10 12       # solo esas lecciones
    python -m herramientas.ensayo t4 --guardar   # y escribe la tabla de memoria
    python -m herramientas.ensayo t4 10 --guardar   # cambia en ella una sola fila

Los modelos tienen la arquitectura y la plantilla de los del hub, en miniatura y con
pesos al azar. Dice qué celda fallaría en la tarjeta y por qué, y cuánta memoria pediría
cada una en el tamaño de verdad: es una predicción, no una medida.
Códigos de salida: 0 si todo pasa; 1 si algo fallaría.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from datetime import date
from pathlib import Path

from herramientas.archivos import RESULTADOS, guardar_json
from herramientas.cuadernos.leer import leer, rutas
from herramientas.ensayo import modelos
from herramientas.ensayo.recorrer import TOPES, Recorrido, recorrer, trucos


def elegir(pedidas: list[str]) -> list[Path]:
    """Los cuadernos pedidos, por su número o su nombre; sin pedir ninguno, todos."""
    nombres = {r: r.stem[:2] if r.stem[:2].isdigit() else r.stem for r in rutas()}
    todas = {nombre: ruta for ruta, nombre in nombres.items()}
    if faltan := [p for p in pedidas if p not in todas]:
        raise SystemExit(f"No hay lección {', '.join(faltan)}: {', '.join(todas)}.")
    return [todas[p] for p in pedidas or todas]


def dicho(hecho: Recorrido) -> str:
    """Una línea: cuánta memoria pediría una lección, y en qué celda."""
    if not hecho.celdas:
        return f"{hecho.cuaderno:20} sin celdas: falló la primera"
    gigas = f"{hecho.pico['pico'] / 2**30:.2f}".replace(".", ",")
    return f"{hecho.cuaderno:20} pico {gigas:>5} GiB en {hecho.pico['celda']}"


def resumen(hecho: Recorrido) -> dict:
    """Lo que va al archivo de resultados: la celda del pico y de qué se compone."""
    pico = hecho.pico
    partes = {k: round(v) for k, v in pico["partes"].items() if k != "motivo" and v}
    return {
        "cuaderno": hecho.cuaderno,
        "fecha": date.today().isoformat(),
        "celda": pico["celda"],
        "motivo": pico["partes"].get("motivo", ""),
        "octetos": round(pico["pico"]),
        "partes": partes,
    }


def guardar(perfil: str, nuevas: list[dict], carpeta: Path = RESULTADOS) -> Path:
    """Escribe las filas nuevas en la tabla del perfil y deja las demás como estaban."""
    ruta = carpeta / f"ensayo_{perfil}.json"
    viejas = json.loads(ruta.read_text("utf-8"))["filas"] if ruta.exists() else []
    filas = {f["cuaderno"]: f for f in [*viejas, *nuevas]}
    informe = {
        "programa": "herramientas/ensayo",
        "fecha": max(f["fecha"] for f in filas.values()),
        "perfil": perfil,
        "modelos": [m.hub for m in modelos.del_perfil(perfil)],
        "tope": round(TOPES[perfil] * 2**30),
        "filas": [filas[r.stem] for r in rutas() if r.stem in filas],
    }
    guardar_json(ruta, informe)
    return ruta


def main() -> int:
    """Ensaya lo pedido y dice qué pasó."""
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("perfil", nargs="?", default="t4", choices=list(TOPES))
    p.add_argument("lecciones", nargs="*", help="números o nombres; por omisión, todas")
    p.add_argument("--guardar", action="store_true", help="escribe la tabla")
    a = p.parse_args()
    fallas = []
    with tempfile.TemporaryDirectory(prefix="miniaturas-") as carpeta:
        elegidas = elegir(a.lecciones)
        for modelo in modelos.del_perfil(a.perfil):
            modelos.guardar(modelo, Path(carpeta))
        for ruta in elegidas:
            cuaderno = leer(ruta)
            tras = trucos(cuaderno)
            hecho = recorrer(ruta.stem, cuaderno, a.perfil, Path(carpeta), tras=tras)
            fallas += [f"{ruta.name}, {falla}" for falla in hecho.fallas]
            print(dicho(hecho))
            if a.guardar and not hecho.fallas:
                guardar(a.perfil, [resumen(hecho)])
    print("\n".join(fallas) if fallas else "Nada fallaría.")
    return 1 if fallas else 0


if __name__ == "__main__":
    sys.exit(main())
