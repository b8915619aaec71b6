"""Cuenta los pares de tratamientos y pone al día su archivo de cifras y su ficha.

Uso: python -m herramientas.datos.contar_tratamientos
Escribe resultados/tratamientos.json y la tabla de book/ficha_tratamientos.md.
"""

from collections import Counter

from herramientas.datos import fichas
from taller.conjuntos.tratamientos import DIRECCIONES, construir_tratamientos

CIFRAS, FICHA = fichas.cifras_y_ficha("tratamientos")


def contar() -> dict:
    """Cifras de cada partición: pares por destino, verbos por clase, palabras."""
    cifras = {}
    for parte, filas in construir_tratamientos().items():
        verbos = {fila["verbo"]: fila["clase"] for fila in filas}
        palabras = sum(len(fila["origen"].split()) for fila in filas)
        cifras[parte] = {
            "pares": len(filas),
            "direcciones": {
                f"{de} → {a}": sum((f["de"], f["a"]) == (de, a) for f in filas)
                for de, a in DIRECCIONES
            },
            "tiempos": dict(sorted(Counter(f["tiempo"] for f in filas).items())),
            "verbos": len(verbos),
            "clases": dict(sorted(Counter(verbos.values()).items())),
            "marcos": len({fila["marco"] for fila in filas}),
            "palabras_por_oracion": round(palabras / len(filas), 2),
        }
    return cifras


def tabla(cifras: dict) -> str:
    """La tabla de la ficha, en Markdown."""
    nombres = " | ".join(nombre.replace("_", " ") for nombre in cifras)
    filas = [f"| medida | {nombres} |", "|---|" + "---:|" * len(cifras)]

    def agregar(nombre: str, valores: list) -> None:
        filas.append(f"| {nombre} | " + " | ".join(str(v) for v in valores) + " |")

    partes = list(cifras.values())
    agregar("pares", [p["pares"] for p in partes])
    for direccion in partes[0]["direcciones"]:
        agregar(f"pares {direccion}", [p["direcciones"][direccion] for p in partes])
    agregar("verbos", [p["verbos"] for p in partes])
    for nombre in sorted({c for p in partes for c in p["clases"]}):
        agregar(f"verbos: {nombre}", [p["clases"].get(nombre, 0) for p in partes])
    agregar("marcos", [p["marcos"] for p in partes])
    medias = [f"{p['palabras_por_oracion']:.1f}".replace(".", ",") for p in partes]
    agregar("palabras por oración", medias)
    return "\n".join(filas)


if __name__ == "__main__":
    cifras = contar()
    fichas.poner_al_dia("tratamientos", cifras, {"": tabla(cifras)})
