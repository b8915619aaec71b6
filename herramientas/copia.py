"""La copia de los cuadernos en que se trabaja, `mis_cuadernos/`: nunca se sobrescribe.

La usa tareas.py. Los de notebooks/ son los del curso y git los vigila; si se trabajara
en ellos, lo que cada quien escribe chocaría con la versión siguiente.

Este archivo solo usa la biblioteca estándar y se puede leer desde Python 3.6.
"""

import hashlib
import json
import os

from herramientas.archivos import escribir_texto

CARPETA = "mis_cuadernos"
REGISTRO = ".de-donde-salieron.json"  # de cada copia, la huella de su original


def _huella(ruta):
    with open(ruta, "rb") as archivo:
        return hashlib.sha256(archivo.read()).hexdigest()


def _leer(ruta):
    with open(ruta, encoding="utf-8") as archivo:
        return archivo.read()


def leer_registro(destino):
    """De qué versión salió cada copia; vacío si no se sabe."""
    try:
        datos = json.loads(_leer(os.path.join(destino, REGISTRO)))
    except (OSError, ValueError):
        return {}
    return datos if isinstance(datos, dict) else {}


def _nombre_libre(destino, nombre):
    """«04_generacion_nueva.ipynb», o con un número si ya hay una."""
    base, cuantas = nombre[: -len(".ipynb")], 1
    while True:
        final = "_nueva" if cuantas == 1 else "_nueva_%d" % cuantas
        libre = base + final + ".ipynb"
        if not os.path.exists(os.path.join(destino, libre)):
            return libre
        cuantas += 1


def copiar(origen, destino, al_dia=False):
    """Copia los cuadernos que faltan y dice qué hizo, en una lista de frases.

    Argumentos: `origen`, la carpeta del curso; `destino`, la copia; `al_dia`, si además
    se traen las versiones nuevas: la copia sin tocar se reemplaza, y junto a la que
    alguien cambió se deja la nueva con otro nombre.
    """
    registro, nuevos, viejos, dicho = leer_registro(destino), [], [], []
    for nombre in sorted(os.listdir(origen)):
        if not nombre.endswith(".ipynb"):
            continue
        suya = os.path.join(destino, nombre)
        original = os.path.join(origen, nombre)
        huella = _huella(original)
        if not os.path.exists(suya):
            escribir_texto(suya, _leer(original))
            nuevos.append(nombre)
            registro[nombre] = huella
        elif registro.get(nombre) == huella or _huella(suya) == huella:
            registro[nombre] = huella
        elif not al_dia:
            viejos.append(nombre)
        elif _huella(suya) == registro.get(nombre):
            escribir_texto(suya, _leer(original))
            registro[nombre] = huella
            dicho.append("%s: puesto al día." % nombre)
        else:
            libre = _nombre_libre(destino, nombre)
            escribir_texto(os.path.join(destino, libre), _leer(original))
            registro[nombre] = huella
            dicho.append("%s es tuyo y no lo toqué: la versión nueva es %s."
                         % (nombre, libre))  # fmt: skip
    if nuevos:
        dicho.insert(0, "Copié %d cuadernos." % len(nuevos))
    if viejos:
        dicho.append(
            "Hay versión nueva de %s; para traerla sin perder lo tuyo: "
            "make lab ARGS=al-dia" % ", ".join(viejos)
        )
    escribir_texto(os.path.join(destino, REGISTRO), json.dumps(registro, indent=1))
    return dicho
