"""Oraciones que cambian de trato: de tú a vos, a usted y a los demás.

Cada par sale de un marco, un verbo y un complemento; las plantillas que resultan las
llena plantillas.py.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import zip_longest

from ..verbos.conjugacion import TIEMPOS, conjugar
from ..verbos.raices import clase
from .azar import orden
from .plantillas import cambiar_trato, llenar, llenar_hueco, redactar, verbo_de
from .reparto import cabe, marcos_apartados, puestos_en, repartir
from .verbos_y_marcos import (
    con_verbo,
    es_doble,
    fijos,
    leer_coletillas,
    leer_marcos,
    leer_verbos,
)

__all__ = ["cambiar_trato", "construir_tratamientos", "instruccion", "redactar"]

NOMBRES = {"chileno": "voseo chileno"}  # los demás tratos se nombran como son
DIRECCIONES = (
    ("tú", "vos"),
    ("tú", "usted"),
    ("tú", "ustedes"),
    ("tú", "vosotros"),
    ("tú", "chileno"),
    ("vos", "usted"),
    ("usted", "tú"),
)
# Cuántos pares aporta cada verbo en cada dirección, según la partición.
CUPOS = {
    "entrenamiento": (7, 7, 4, 4, 4, 3, 3),
    "validacion": (3, 3, 1, 1, 1, 1, 1),
    "prueba": (2, 2, 1, 1, 1, 1, 1),
    "marcos_nuevos": (1, 1, 1, 1, 1, 1, 1),
    "todo_nuevo": (2, 2, 1, 1, 1, 1, 1),
    "supletivos": (20, 20, 5, 5, 5, 5, 5),
    "nunca_leidos": (2, 2, 1, 1, 1, 1, 1),
}
# Y cuántos más, en el entrenamiento, con marcos dobles: dos de cada cinco pares.
CUPOS_DOBLES = (5, 5, 2, 2, 2, 2, 2)
# En el entrenamiento, los verbos que no son regulares traen el doble de pares: hay
# menos de cada modelo (mover > movés, elegir > elija) y cuesta más generalizarlos.
REFUERZO = 2
PLURALES = {"ustedes", "vosotros"}
# «Límpiame la cocina», pero no «aliméntame a los gatos» ni «patíname en el parque».
_PREPOSICION = re.compile(
    "(?:al?|con|del?|después|en|frente|hacia|hasta|para|por|sin)\\b"
)


def instruccion(fila: dict, a: str = "") -> str:
    """El mensaje de usuario de un par: «Pasa a vos: …».

    Una oración libre no trae su destino: se da en `a`.
    """
    a = a or fila["a"]
    return f"Pasa a {NOMBRES.get(a, a)}: {fila['origen']}"


def respuestas(fila: dict, a: str = "") -> list[str]:
    """Lo que vale como respuesta: una de un par, o las de una oración libre en `a`."""
    return fila["respuestas"][a] if "respuestas" in fila else [fila["destino"]]


@cache
def _recursos() -> tuple[list[dict], ...]:
    return leer_verbos(), leer_marcos(), leer_coletillas()


@cache
def _palabras(texto: str) -> frozenset[str]:
    """Palabras de cuatro letras o más, sin los huecos."""
    return frozenset(re.findall(r"\w{4,}", re.sub(r"\{[^}]*\}", " ", texto.lower())))


@cache
def _comienzos(texto: str) -> frozenset[str]:
    """Las cuatro primeras letras de cada palabra y de cada verbo ya puesto."""
    puestos = [verbo_de(hueco)[0] for hueco in fijos({"texto": texto})]
    return frozenset(palabra[:4] for palabra in [*_palabras(texto), *puestos])


@cache
def _cambian(huecos: tuple[str, ...], de: str, a: str) -> bool:
    return any(llenar_hueco(h, de) != llenar_hueco(h, a) for h in huecos)


def _lugares(entrada: dict, marcos: list[dict]) -> list[tuple]:
    """Los marcos en que cabe un verbo, con sus complementos: (marco, fijos, lista)."""
    verbo, usos, lugares = entrada["verbo"], entrada["usos"], []
    tiempos = entrada.get("tiempos", TIEMPOS)
    for marco in marcos:
        grupos, texto = usos.keys() & marco["grupos"], marco["texto"]
        if not grupos or marco["tiempo"] not in tiempos:
            continue
        if verbo in marco.get("sin", ()) or verbo[:4] in _comienzos(texto):
            continue  # «Llama a los clientes apenas llame tu tía»
        usadas, con_enclitico = _palabras(texto), "{v+" in texto
        if con_enclitico and verbo.endswith("se"):
            continue
        complementos = [
            complemento
            for grupo in sorted(grupos)
            for complemento in usos[grupo]
            if not usadas & _palabras(complemento)
            and not (con_enclitico and _PREPOSICION.match(complemento))
        ]
        if complementos:
            lugares.append((marco, tuple(fijos(marco)), complementos))
    return lugares


def _candidatos(
    entrada: dict, lugares: list[tuple], de: str, a: str
) -> dict[str, list[tuple]]:
    """Fichas posibles de un verbo en una dirección, por tiempo y en orden fijo."""
    verbo, plural = entrada["verbo"], bool(PLURALES & {de, a})
    vedados = entrada.get("singulares", ()) if plural else ()
    por_tiempo: dict[str, list[tuple]] = {}
    for marco, puestos, complementos in lugares:
        tiempo = marco["tiempo"]
        if not cabe(marco["pais"], de, a) or (plural and "singular" in marco):
            continue
        igual = conjugar(verbo, de, tiempo) == conjugar(verbo, a, tiempo)
        if igual and not _cambian(puestos, de, a):
            continue  # copiar bastaría: ese par no enseña ni mide nada
        turno = orden(verbo, de, a, marco["marco"])
        bolsa = tiempo if tiempo in ("presente", "imperativo") else "otros"
        for vuelta in range(len(complementos)):
            # Primero un par de cada marco; luego, los demás complementos.
            complemento = complementos[(turno + vuelta) % len(complementos)]
            if complemento not in vedados:
                ficha = (vuelta, turno, marco, complemento)
                por_tiempo.setdefault(bolsa, []).append(ficha)
    for fichas in por_tiempo.values():
        fichas.sort(key=lambda ficha: ficha[:2])
    return por_tiempo


def _filas(
    entrada: dict,
    marcos: list[dict],
    particion: str,
    cupos: tuple[int, ...],
    coletillas: Sequence[dict] = (),
) -> Iterator[dict]:
    """Los pares de un verbo en una partición: toma de cada tiempo por turnos.

    Con `coletillas`, uno de cada dos pares en singular termina con una.
    """
    verbo, de_clase = entrada["verbo"], clase(entrada["verbo"])
    reforzar = particion == "entrenamiento" and not de_clase.startswith("regular")
    lugares = _lugares(entrada, marcos)
    for (de, a), cupo in zip(DIRECCIONES, cupos, strict=True):
        cupo *= REFUERZO if reforzar else 1
        por_tiempo = _candidatos(entrada, lugares, de, a)
        turnos = sorted(por_tiempo, key=lambda b: orden(verbo, de, a, "turno", b))
        # una ficha de cada tiempo por vuelta, hasta llenar el cupo
        colas = [por_tiempo[bolsa] for bolsa in turnos]
        elegidas = [f for vuelta in zip_longest(*colas) for f in vuelta if f][:cupo]
        for _, _, marco, complemento in elegidas:
            plantilla = con_verbo(marco, verbo).replace("{c}", complemento)
            coletilla, turno = "", orden(verbo, de, a, plantilla)
            if coletillas and turno % 2 and not PLURALES & {de, a}:
                cola = coletillas[turno // 2 % len(coletillas)]
                if verbo[:4] not in _comienzos(cola["texto"]):
                    coletilla = cola["coletilla"]
                    plantilla += " " + cola["texto"]
            origen, destino = llenar(plantilla, de), llenar(plantilla, a)
            fila = {"id": identificar(de, a, origen, destino), "origen": origen}
            fila |= {"destino": destino, "de": de, "a": a, "verbo": verbo}
            fila |= {"clase": de_clase, "tiempo": marco["tiempo"]}
            fila |= {"marco": marco["marco"], "coletilla": coletilla}
            yield fila | {"pais": marco["pais"], "particion": particion}


def identificar(de: str, a: str, origen: str, destino: str) -> str:
    """El identificador de un par: un resumen de lo que dice, «par-1a2b3c4d5e6f».

    Si el par cambia en una letra, cambia el suyo: ninguno se usa dos veces.
    """
    texto = "|".join((de, a, origen, destino)).encode()
    return "par-" + hashlib.blake2b(texto, digest_size=6).hexdigest()


def construir_tratamientos() -> dict[str, list[dict]]:
    """Arma los pares entre tratos, siempre los mismos, por partición.

    Claves: entrenamiento; validacion (otros verbos, para elegir); prueba (verbos nuevos
    en marcos vistos); marcos_nuevos (verbos vistos en marcos nuevos); todo_nuevo (las
    dos cosas nuevas); supletivos (ser, ir y haber como verbo principal); nunca_leidos
    (verbos que no están en el manual de `semilla`, en marcos vistos). Cada fila: id,
    origen, destino, de, a, verbo, clase, tiempo, marco, coletilla (vacía si no lleva),
    pais y particion.
    Lanza ErrorDelTaller, con archivo y línea, si los datos están dañados.
    """
    verbos, marcos, coletillas = _recursos()
    apartados = marcos_apartados(marcos)
    nuevos = [m for m in marcos if m["marco"] in apartados]
    dobles = [m for m in marcos if es_doble(m)]
    vistos = [m for m in marcos if m["marco"] not in apartados and not es_doble(m)]
    leidos = [entrada["verbo"] for entrada in verbos if entrada.get("manual", True)]
    reparto = repartir(leidos, puestos_en(dobles + coletillas))
    pares: dict[str, list[dict]] = {nombre: [] for nombre in CUPOS}
    for entrada in verbos:
        parte = reparto.get(entrada["verbo"], "nunca_leidos")
        sueltas = coletillas if parte == "entrenamiento" else ()
        pares[parte] += _filas(entrada, vistos, parte, CUPOS[parte], sueltas)
        if parte == "entrenamiento":
            pares[parte] += _filas(entrada, dobles, parte, CUPOS_DOBLES)
        otra = {"entrenamiento": "marcos_nuevos", "prueba": "todo_nuevo"}.get(parte)
        if otra:
            pares[otra] += _filas(entrada, nuevos, otra, CUPOS[otra])
    for filas in pares.values():
        filas.sort(key=lambda fila: orden(fila["a"], fila["origen"]))
    return pares
