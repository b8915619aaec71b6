"""Lo que se le pone a corpus_co para ensuciarlo, leído de recursos/datos/suciedad."""

from __future__ import annotations

from pathlib import Path

from ..recursos import DATOS
from .jsonl import falla_de_campos, falla_de_lista, leer_json, leer_jsonl

CARPETA = DATOS / "suciedad"
IDIOMAS = ("en", "fr", "it", "pt")
CLASES = (
    "palabras_clave",
    "gritos",
    "lista",
    "repetición",
    "plantilla",
    "fragmento",
)
# Las listas de frases que trae cada parte de piezas.json.
LISTAS = {
    "relleno": ("menus", "cookies", "redes", "medio", "pies"),
    "frases": ("correo", "telefono", "cedula", "nit"),
    "licencias": ("permitidas", "no_permitidas"),
}


def leer_otros_idiomas(carpeta: Path = CARPETA) -> list[dict]:
    """Textos en otras lenguas: filas con `id`, `idioma` y `texto`.

    Argumentos: `carpeta`, otra con los mismos archivos.
    Errores: ErrorDelTaller, con archivo y línea, si una fila está mal.
    """
    campos = {"id": None, "idioma": IDIOMAS, "texto": None}
    return _leer(carpeta / "otros_idiomas.jsonl", campos)


def leer_baja_calidad(carpeta: Path = CARPETA) -> list[dict]:
    """Textos que un filtro debe dejar fuera: filas con `id`, `clase` y `texto`.

    Argumentos y errores, como en `leer_otros_idiomas`.
    """
    campos = {"id": None, "clase": CLASES, "texto": None}
    return _leer(carpeta / "baja_calidad.jsonl", campos)


def leer_piezas(carpeta: Path = CARPETA) -> dict:
    """Las frases sueltas con que se ensucia: un diccionario, como está en el archivo.

    Argumentos: `carpeta`, otra con los mismos archivos.
    Errores: ErrorDelTaller, con el archivo, si falta una lista o no es de textos.
    """
    ruta = carpeta / "piezas.json"
    return leer_json(ruta, (*LISTAS, "senuelos", "sinonimos"), _falla_de_piezas)


def _leer(ruta: Path, campos: dict) -> list[dict]:
    return leer_jsonl(ruta, campos, lambda f: falla_de_campos(f, campos), unico="id")


def _falla_de_piezas(piezas: dict) -> str | None:
    for parte, nombres in LISTAS.items():
        if not isinstance(piezas[parte], dict) or set(piezas[parte]) != set(nombres):
            return f"«{parte}» debe traer: {', '.join(nombres)}."
        for nombre in nombres:
            if falla := falla_de_lista(nombre, piezas[parte][nombre]):
                return falla
    sinonimos = piezas["sinonimos"]
    if not isinstance(sinonimos, dict) or not sinonimos:
        return "«sinonimos» debe dar otra palabra de cada palabra."
    if falla := falla_de_campos(sinonimos, dict.fromkeys(sinonimos)):
        return falla
    return _falla_de_senuelos(piezas["senuelos"]) or _falla_de_frases(piezas)


def _falla_de_senuelos(senuelos: object) -> str | None:
    if not isinstance(senuelos, list) or not senuelos:
        return "«senuelos» debe ser una lista de pares: una frase y su número."
    for par in senuelos:
        if falla := falla_de_lista("senuelos", par):
            return falla
        if len(par) != 2:
            return "cada señuelo debe traer una frase y su número."
    return None


def _falla_de_frases(piezas: dict) -> str | None:
    """Cada frase deja un hueco, {}, para el dato falso o el número."""
    frases = [frase for lista in piezas["frases"].values() for frase in lista]
    for frase in frases + [frase for frase, _ in piezas["senuelos"]]:
        antes, hueco, despues = frase.partition("{}")
        if not hueco or set("{}") & set(antes + despues):
            return f"«{frase}» debe dejar un hueco, {{}}, y solo uno."
    return None
