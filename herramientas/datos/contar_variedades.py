"""Cuenta los pares de variedades y pone al día su archivo de cifras y su ficha.

Uso: python -m herramientas.datos.contar_variedades
Escribe resultados/variedades.json y las tablas de book/ficha_variedades.md.
"""

from collections import Counter

from herramientas.datos import fichas, pisos
from taller.conjuntos.variedades import (
    GRUPOS,
    PARTICIONES,
    PISTAS,
    construir_variedades,
    solo_pronombre,
)

CIFRAS, FICHA = fichas.cifras_y_ficha("variedades")
MINIMO = 30  # con menos pares propios, una zona no se informa


def _contar(filas: list[dict]) -> dict:
    """Cifras de unos pares; las dos últimas dicen si el largo delata la respuesta."""
    largos = [(len(fila["buena"]), len(fila["mala"])) for fila in filas]
    palabras = sum(len(fila["buena"].split()) for fila in filas)
    return {
        "pares": len(filas),
        "marcos": len({fila["marco"] for fila in filas}),
        "zonas": _veces(z for f in filas for z in f["zonas"]),
        "propios": _veces(f["zonas"][0] for f in filas if len(f["zonas"]) == 1),
        "con_fuente": sum(fila["fuente"] != "sin contrastar" for fila in filas),
        "palabras_por_oracion": round(palabras / max(1, len(filas)), 2),
        "buena_mas_corta": sum(buena < mala for buena, mala in largos),
        "buena_mas_larga": sum(buena > mala for buena, mala in largos),
    }


def _veces(valores) -> dict[str, int]:
    return dict(sorted(Counter(valores).items()))


def _de_fenomeno(pares: list[dict]) -> dict:
    """Las cifras de un fenómeno, con sus pisos y, en espejo, sus pistas."""
    salida = _contar(pares) | {"pisos": pisos.medir(pares)}
    if "pista" in pares[0]:
        salida["pistas"] = {p: sum(f["pista"] == p for f in pares) for p in PISTAS}
        salida["marcos_solo_pronombre"] = len(solo_pronombre(pares))
    return salida


def contar() -> dict:
    """Cifras de cada partición y de cada fenómeno suyo."""
    return {
        parte: _contar(filas)
        | {
            "fenomenos": {
                nombre: _de_fenomeno([f for f in filas if f["fenomeno"] == nombre])
                for nombre in PARTICIONES[parte][1]
            }
        }
        for parte, filas in construir_variedades().items()
    }


def en_el_total(cifras: dict) -> dict[str, dict]:
    """Las cifras de cada fenómeno que se promedia; los de diagnóstico quedan fuera."""
    fuera = GRUPOS["diagnostico"]
    todos = {n: c for total in cifras.values() for n, c in total["fenomenos"].items()}
    return {nombre: c for nombre, c in todos.items() if nombre not in fuera}


def _fila(*celdas) -> str:
    return "| " + " | ".join(map(str, celdas)) + " |"


def tabla(cifras: dict) -> str:
    """La tabla de tamaños de la ficha, en Markdown."""
    rotulos = ["partición o fenómeno", "pares", "marcos", "con fuente", "palabras"]
    lineas = [_fila(*rotulos), "|---|" + "---:|" * 4]
    for parte, total in cifras.items():
        filas = {f"**{parte}**": total}
        filas |= {f"`{nombre}`": c for nombre, c in total["fenomenos"].items()}
        for nombre, c in filas.items():
            palabras = f"{c['palabras_por_oracion']:.1f}".replace(".", ",")
            celdas = [nombre, c["pares"], c["marcos"], c["con_fuente"], palabras]
            lineas.append(_fila(*celdas))
    return "\n".join(lineas)


def tabla_pistas(cifras: dict) -> str:
    """Dónde está lo que fija la persona en los pares en espejo."""
    rotulos = ["fenómeno", *PISTAS, "marcos con solo el pronombre"]
    lineas = [_fila(*rotulos), "|---|" + "---:|" * (len(rotulos) - 1)]
    for nombre, c in cifras["espejo"]["fenomenos"].items():
        suyas = [c["pistas"][pista] for pista in PISTAS]
        lineas.append(_fila(f"`{nombre}`", *suyas, c["marcos_solo_pronombre"]))
    return "\n".join(lineas)


def tabla_pisos(cifras: dict) -> str:
    """Lo que acierta cada regla ciega, en porcentaje, primero lo que se promedia."""
    lineas = [
        _fila("fenómeno", "frecuencia", "terminaciones", "largo", "techo humano"),
        "|---|" + "---:|" * 4,
    ]
    dentro = en_el_total(cifras)
    todos = {n: c for total in cifras.values() for n, c in total["fenomenos"].items()}
    for nombre in [*dentro, *(n for n in todos if n not in dentro)]:
        medidos = todos[nombre]["pisos"].values()
        suyos = ["sin medir" if v is None else f"{100 * v:.0f}" for v in medidos]
        rotulo = f"`{nombre}`" + (", diagnóstico" if nombre not in dentro else "")
        lineas.append(_fila(rotulo, *suyos, "sin medir"))
    return "\n".join(lineas)


def tabla_zonas(cifras: dict) -> str:
    """Pares de cada zona y, entre paréntesis, los que no comparte con otra."""
    lineas = [_fila("zona", *cifras), "|---|" + "---:|" * len(cifras)]
    for zona in sorted({z for total in cifras.values() for z in total["zonas"]}):
        celdas = []
        for total in cifras.values():
            suyos = total["propios"].get(zona, 0)
            marca = "**" if suyos >= MINIMO else ""
            celdas.append(f"{total['zonas'].get(zona, 0)} ({marca}{suyos}{marca})")
        lineas.append(_fila(zona, *celdas))
    return "\n".join(lineas)


def tablas(cifras: dict) -> dict[str, str]:
    """Las tablas de la ficha, por su nombre."""
    return {
        "": tabla(cifras),
        "pistas": tabla_pistas(cifras),
        "pisos": tabla_pisos(cifras),
        "zonas": tabla_zonas(cifras),
    }


if __name__ == "__main__":
    cifras = contar()
    fichas.poner_al_dia("variedades", cifras, tablas(cifras))
