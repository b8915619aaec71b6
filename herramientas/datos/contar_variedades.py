"""Cuenta los pares de variedades y pone al día su archivo de cifras y su ficha.

Uso: python -m herramientas.datos.contar_variedades
Escribe resultados/variedades.json y la tabla de book/ficha_variedades.md.
"""

from collections import Counter

from herramientas.datos import fichas
from taller.conjuntos.variedades import PARTICIONES, construir_variedades

CIFRAS, FICHA = fichas.cifras_y_ficha("variedades")


def _contar(filas: list[dict]) -> dict:
    """Cifras de unos pares; las dos últimas dicen si el largo delata la respuesta."""
    largos = [(len(fila["buena"]), len(fila["mala"])) for fila in filas]
    palabras = sum(len(fila["buena"].split()) for fila in filas)
    return {
        "pares": len(filas),
        "marcos": len({fila["marco"] for fila in filas}),
        "zonas": dict(sorted(Counter(z for f in filas for z in f["zonas"]).items())),
        "con_fuente": sum(fila["fuente"] != "sin contrastar" for fila in filas),
        "palabras_por_oracion": round(palabras / max(1, len(filas)), 2),
        "buena_mas_corta": sum(buena < mala for buena, mala in largos),
        "buena_mas_larga": sum(buena > mala for buena, mala in largos),
    }


def contar() -> dict:
    """Cifras de cada partición y de cada fenómeno suyo."""
    return {
        parte: _contar(filas)
        | {
            "fenomenos": {
                nombre: _contar([f for f in filas if f["fenomeno"] == nombre])
                for nombre in PARTICIONES[parte][1]
            }
        }
        for parte, filas in construir_variedades().items()
    }


def _fila(*celdas) -> str:
    return "| " + " | ".join(map(str, celdas)) + " |"


def tabla(cifras: dict) -> str:
    """Las dos tablas de la ficha, en Markdown: por fenómeno y por zona."""
    rotulos = ["partición o fenómeno", "pares", "marcos", "con fuente", "palabras"]
    rotulos += ["buena más corta", "buena más larga"]
    lineas = [_fila(*rotulos), "|---|" + "---:|" * 6]
    for parte, total in cifras.items():
        filas = {f"**{parte}**": total}
        filas |= {f"`{nombre}`": c for nombre, c in total["fenomenos"].items()}
        for nombre, c in filas.items():
            palabras = f"{c['palabras_por_oracion']:.1f}".replace(".", ",")
            celdas = [nombre, c["pares"], c["marcos"], c["con_fuente"], palabras]
            lineas.append(_fila(*celdas, c["buena_mas_corta"], c["buena_mas_larga"]))
    zonas = sorted({zona for total in cifras.values() for zona in total["zonas"]})
    lineas += ["", _fila("zona", *cifras), "|---|" + "---:|" * len(cifras)]
    for zona in zonas:
        veces = [total["zonas"].get(zona, 0) for total in cifras.values()]
        lineas.append(_fila(zona, *veces))
    return "\n".join(lineas)


if __name__ == "__main__":
    cifras = contar()
    fichas.poner_al_dia("variedades", cifras, {"": tabla(cifras)})
