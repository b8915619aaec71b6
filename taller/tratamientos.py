"""Oraciones que cambian de trato: de tú a vos o a usted, con su verbo y sus pronombres.

Una plantilla lleva huecos: {revisar:presente} es un verbo; {tú}, {ti}, {contigo},
{tu}, {tus}, {tu:f}, {tus:f} (ante femenino) y {te:se}, {te:le}, {te:lo}, {te:la}
(según la función que el pronombre tiene con usted) son lo que se mueve con él.
"""

import hashlib
import re
from functools import cache
from pathlib import Path

from .conjugacion import PERSONAS, TIEMPOS, conjugar
from .errores import ErrorDelTaller
from .jsonl import leer_jsonl
from .raices import clase

_DATOS = Path(__file__).parent / "recursos" / "datos"
_TU = "tú te te te te tu tus tu tus ti contigo"
_HUECOS = "tú te:se te:le te:lo te:la tu tus tu:f tus:f ti contigo".split()
_PRONOMBRES = {
    "tú": _TU.split(),
    "vos": "vos te te te te tu tus tu tus vos con_vos".split(),
    "usted": "usted se le lo la su sus su sus usted con_usted".split(),
    "ustedes": "ustedes se les los las su sus su sus ustedes con_ustedes".split(),
    "vosotros": (
        "vosotros os os os os vuestro vuestros vuestra vuestras vosotros con_vosotros"
    ).split(),
    "chileno": _TU.split(),
}
DESTINOS = ("vos", "usted")
# Cuántos pares aporta cada verbo para cada destino, según su partición.
CUPOS = {
    "entrenamiento": {"vos": 9, "usted": 9},
    "prueba": {"vos": 2, "usted": 2},
    "supletivos": {"vos": 20, "usted": 20},
}
PARTE_APARTADA = 0.2


def redactar(plantilla: str, trato: str) -> str:
    """Llena los huecos de una plantilla para un trato y devuelve la oración.

    Lanza ErrorDelTaller si el trato o un hueco no son de los previstos.
    """
    if trato not in PERSONAS:
        raise ErrorDelTaller(
            f"No conozco el trato «{trato}»: usa {', '.join(PERSONAS)}."
        )
    formas = dict(zip(_HUECOS, _PRONOMBRES[trato], strict=True))

    def llenar(hueco: re.Match) -> str:
        nombre = hueco.group(1)
        if nombre in formas:
            return formas[nombre].replace("_", " ")
        verbo, _, tiempo = nombre.partition(":")
        if tiempo not in TIEMPOS:
            raise ErrorDelTaller(
                f"No entiendo el hueco «{{{nombre}}}». Escribe un verbo y su tiempo, "
                "como {cantar:presente}, o un pronombre, como {tu}."
            )
        return conjugar(verbo, trato, tiempo)

    texto = " ".join(re.sub(r"\{([^{}]+)\}", llenar, plantilla).split())
    texto = re.sub(r" ([,.;:?!])", r"\1", texto)
    # La primera letra va en mayúscula, también tras «¿» o «¡».
    return re.sub("[^\\W\\d_]", lambda letra: letra.group().upper(), texto, count=1)


def cambiar_trato(plantilla: str, a: str = "vos", de: str = "tú") -> tuple[str, str]:
    """Devuelve la misma oración en dos tratos: (origen, destino).

    Con «¿{cerrar:presente} {tu:f} puerta?» da «¿Cierras tu puerta?» y «¿Cerrás tu
    puerta?». Lanza ErrorDelTaller si un trato o un hueco no son de los previstos.
    """
    return redactar(plantilla, de), redactar(plantilla, a)


def instruccion(fila: dict) -> str:
    """El mensaje de usuario de un par: «Pasa a vos: …»."""
    return f"Pasa a {fila['a']}: {fila['origen']}"


def _orden(*partes: str) -> int:
    """Número que desordena siempre igual, en cualquier máquina."""
    texto = "|".join(partes).encode()
    return int.from_bytes(hashlib.blake2b(texto, digest_size=8).digest(), "big")


@cache
def _recursos() -> tuple[list[dict], list[dict]]:
    verbos = leer_jsonl(_DATOS / "verbos.jsonl", ["verbo", "usos"])
    marcos = leer_jsonl(_DATOS / "marcos.jsonl", ["marco", "tiempo", "grupos", "texto"])
    return verbos, marcos


def repartir(verbos: list[str]) -> dict[str, str]:
    """Asigna a cada verbo su partición: aparta la quinta parte de cada clase."""
    por_clase: dict[str, list[str]] = {}
    for verbo in verbos:
        por_clase.setdefault(clase(verbo), []).append(verbo)
    particion = {}
    for nombre, lista in por_clase.items():
        lista.sort(key=lambda verbo: _orden("reparto", verbo))
        apartados = round(PARTE_APARTADA * len(lista))
        for i, verbo in enumerate(lista):
            particion[verbo] = "prueba" if i < apartados else "entrenamiento"
            if nombre == "supletivo":
                particion[verbo] = "supletivos"
    return particion


@cache
def _palabras(texto: str) -> frozenset[str]:
    """Palabras de cuatro letras o más, sin los huecos."""
    return frozenset(re.findall(r"\w{4,}", re.sub(r"\{[^}]*\}", " ", texto.lower())))


def _candidatos(entrada: dict, marcos: list[dict], a: str) -> dict[str, list[tuple]]:
    """Fichas posibles de un verbo hacia un trato, por tiempo y en orden fijo."""
    verbo = entrada["verbo"]
    por_tiempo: dict[str, list[dict]] = {}
    for marco in marcos:
        tiempo, grupos = marco["tiempo"], entrada["usos"].keys() & marco["grupos"]
        if not grupos or tiempo not in entrada.get("tiempos", TIEMPOS):
            continue
        if conjugar(verbo, "tú", tiempo) == conjugar(verbo, a, tiempo):
            continue  # copiar bastaría: ese par no enseña ni mide nada
        usadas = _palabras(marco["texto"])
        if verbo[:4] in {palabra[:4] for palabra in usadas}:
            continue  # «Llama a los clientes apenas llame tu tía»
        complementos = [
            complemento
            for grupo in sorted(grupos)
            for complemento in entrada["usos"][grupo]
            if not usadas & _palabras(complemento)
        ]
        orden = _orden(verbo, a, marco["marco"])
        bolsa = tiempo if tiempo in ("presente", "imperativo") else "otros"
        for vuelta in range(len(complementos)):
            # Primero un par de cada marco; luego, los demás complementos.
            complemento = complementos[(orden + vuelta) % len(complementos)]
            ficha = (vuelta, orden, marco, complemento)
            por_tiempo.setdefault(bolsa, []).append(ficha)
    for fichas in por_tiempo.values():
        fichas.sort(key=lambda ficha: ficha[:2])
    return por_tiempo


def _filas(entrada: dict, marcos: list[dict], a: str, particion: str) -> list[dict]:
    """Los pares de un verbo hacia un trato: toma de cada tiempo por turnos."""
    verbo, cupo = entrada["verbo"], CUPOS[particion][a]
    por_tiempo = _candidatos(entrada, marcos, a)
    turnos = sorted(por_tiempo, key=lambda bolsa: _orden(verbo, a, "turno", bolsa))
    filas = []
    while len(filas) < cupo and any(por_tiempo.values()):
        for bolsa in turnos:
            if not por_tiempo[bolsa] or len(filas) == cupo:
                continue
            _, _, marco, complemento = por_tiempo[bolsa].pop(0)
            plantilla = marco["texto"].replace("{v}", f"{{{verbo}:{marco['tiempo']}}}")
            plantilla = plantilla.replace("{c}", complemento)
            origen, destino = cambiar_trato(plantilla, a)
            fila = {"origen": origen, "destino": destino, "de": "tú", "a": a}
            fila |= {"verbo": verbo, "clase": clase(verbo), "tiempo": marco["tiempo"]}
            filas.append(fila | {"marco": marco["marco"], "particion": particion})
    return filas


def construir_tratamientos() -> dict[str, list[dict]]:
    """Arma los pares de tú a vos y a usted, siempre los mismos, por partición.

    Claves: entrenamiento, prueba (verbos que no están en entrenamiento) y supletivos
    (ser, ir, haber). Cada fila: origen, destino, de, a, verbo, clase, tiempo, marco y
    particion. Lanza ErrorDelTaller, con archivo y línea, si los datos están dañados.
    """
    verbos, marcos = _recursos()
    particion = repartir([entrada["verbo"] for entrada in verbos])
    pares: dict[str, list[dict]] = {nombre: [] for nombre in CUPOS}
    for entrada in verbos:
        parte = particion[entrada["verbo"]]
        for a in DESTINOS:
            pares[parte] += _filas(entrada, marcos, a, parte)
    for filas in pares.values():
        filas.sort(key=lambda fila: _orden(fila["a"], fila["origen"]))
    return pares
