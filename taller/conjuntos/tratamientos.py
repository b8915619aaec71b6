"""Oraciones que cambian de trato: de tú a vos, a usted y a los demás.

Una plantilla lleva huecos: {revisar:presente} es un verbo; {tú}, {ti}, {contigo},
{tu}, {tus}, {tu:f}, {tus:f} (ante femenino) y {te:se}, {te:le}, {te:lo}, {te:la}
(según la función que el pronombre tiene con usted) son lo que se mueve con él.
"""

import re
from functools import cache
from itertools import zip_longest

from ..errores import ErrorDelTaller
from ..verbos.conjugacion import PERSONAS, TIEMPOS, conjugar
from ..verbos.raices import clase
from .azar import orden
from .verbos_y_marcos import HUECOS, leer_marcos, leer_verbos

_TU = "tú te te te te tu tus tu tus ti contigo"
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
    "entrenamiento": (12, 12, 6, 6, 6, 5, 5),
    "prueba": (2, 2, 1, 1, 1, 1, 1),
    "marcos_nuevos": (1, 1, 1, 1, 1, 1, 1),
    "todo_nuevo": (2, 2, 1, 1, 1, 1, 1),
    "supletivos": (20, 20, 5, 5, 5, 5, 5),
}
# En el entrenamiento, los verbos que no son regulares traen el doble de pares: hay
# menos de cada modelo (mover > movés, elegir > elija) y cuesta más generalizarlos.
REFUERZO = 2
PARTE_APARTADA = 0.2


def redactar(plantilla: str, trato: str) -> str:
    """Llena los huecos de una plantilla para un trato y devuelve la oración.

    Lanza ErrorDelTaller si el trato o un hueco no son de los previstos.
    """
    if trato not in PERSONAS:
        raise ErrorDelTaller(
            f"No conozco el trato «{trato}»: usa {', '.join(PERSONAS)}."
        )
    formas = dict(zip(HUECOS, _PRONOMBRES[trato], strict=True))

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
    return f"Pasa a {NOMBRES.get(fila['a'], fila['a'])}: {fila['origen']}"


@cache
def _recursos() -> tuple[list[dict], list[dict]]:
    return leer_verbos(), leer_marcos()


def _apartados(nombres_por_grupo: dict[str, list[str]]) -> set[str]:
    """La quinta parte de cada grupo, uno al menos, siempre la misma."""
    apartados = set()
    for nombres in nombres_por_grupo.values():
        nombres.sort(key=lambda nombre: orden("reparto", nombre))
        apartados |= set(nombres[: max(1, round(PARTE_APARTADA * len(nombres)))])
    return apartados


def repartir(verbos: list[str]) -> dict[str, str]:
    """Dice si cada verbo es de entrenamiento, de prueba o supletivo.

    Aparta entera la quinta parte de cada clase; los supletivos van todos aparte.
    """
    por_clase: dict[str, list[str]] = {}
    for verbo in verbos:
        por_clase.setdefault(clase(verbo), []).append(verbo)
    supletivos = set(por_clase.pop("supletivo", ()))
    apartados = _apartados(por_clase)
    return {
        verbo: "supletivos"
        if verbo in supletivos
        else ("prueba" if verbo in apartados else "entrenamiento")
        for verbo in verbos
    }


def marcos_apartados(marcos: list[dict]) -> set[str]:
    """Identificadores de los marcos de prueba: la quinta parte de cada tiempo."""
    por_tiempo: dict[str, list[str]] = {}
    for marco in marcos:
        por_tiempo.setdefault(marco["tiempo"], []).append(marco["marco"])
    return _apartados(por_tiempo)


@cache
def _palabras(texto: str) -> frozenset[str]:
    """Palabras de cuatro letras o más, sin los huecos."""
    return frozenset(re.findall(r"\w{4,}", re.sub(r"\{[^}]*\}", " ", texto.lower())))


def _candidatos(
    entrada: dict, marcos: list[dict], de: str, a: str
) -> dict[str, list[tuple]]:
    """Fichas posibles de un verbo en una dirección, por tiempo y en orden fijo."""
    verbo = entrada["verbo"]
    por_tiempo: dict[str, list[tuple]] = {}
    for marco in marcos:
        tiempo, grupos = marco["tiempo"], entrada["usos"].keys() & marco["grupos"]
        if not grupos or tiempo not in entrada.get("tiempos", TIEMPOS):
            continue
        if conjugar(verbo, de, tiempo) == conjugar(verbo, a, tiempo):
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
        turno = orden(verbo, de, a, marco["marco"])
        bolsa = tiempo if tiempo in ("presente", "imperativo") else "otros"
        for vuelta in range(len(complementos)):
            # Primero un par de cada marco; luego, los demás complementos.
            complemento = complementos[(turno + vuelta) % len(complementos)]
            ficha = (vuelta, turno, marco, complemento)
            por_tiempo.setdefault(bolsa, []).append(ficha)
    for fichas in por_tiempo.values():
        fichas.sort(key=lambda ficha: ficha[:2])
    return por_tiempo


def _filas(entrada: dict, marcos: list[dict], particion: str) -> list[dict]:
    """Los pares de un verbo en una partición: toma de cada tiempo por turnos."""
    verbo, filas = entrada["verbo"], []
    reforzar = particion == "entrenamiento" and not clase(verbo).startswith("regular")
    for (de, a), cupo in zip(DIRECCIONES, CUPOS[particion], strict=True):
        cupo *= REFUERZO if reforzar else 1
        por_tiempo = _candidatos(entrada, marcos, de, a)
        turnos = sorted(por_tiempo, key=lambda b: orden(verbo, de, a, "turno", b))
        # una ficha de cada tiempo por vuelta, hasta llenar el cupo
        colas = [por_tiempo[bolsa] for bolsa in turnos]
        elegidas = [f for vuelta in zip_longest(*colas) for f in vuelta if f][:cupo]
        for _, _, marco, complemento in elegidas:
            plantilla = marco["texto"].replace("{v}", f"{{{verbo}:{marco['tiempo']}}}")
            plantilla = plantilla.replace("{c}", complemento)
            origen, destino = cambiar_trato(plantilla, a, de)
            fila = {"origen": origen, "destino": destino, "de": de, "a": a}
            fila |= {"verbo": verbo, "clase": clase(verbo), "tiempo": marco["tiempo"]}
            fila |= {"marco": marco["marco"], "pais": marco["pais"]}
            filas.append(fila | {"particion": particion})
    return filas


def construir_tratamientos() -> dict[str, list[dict]]:
    """Arma los pares entre tratos, siempre los mismos, por partición.

    Claves: entrenamiento; prueba (verbos nuevos en marcos vistos); marcos_nuevos
    (verbos vistos en marcos nuevos); todo_nuevo (verbos y marcos nuevos); supletivos
    (ser, ir, haber). Cada fila: origen, destino, de, a, verbo, clase, tiempo, marco,
    pais y particion.
    Lanza ErrorDelTaller, con archivo y línea, si los datos están dañados.
    """
    verbos, marcos = _recursos()
    apartados = marcos_apartados(marcos)
    nuevos = [m for m in marcos if m["marco"] in apartados]
    vistos = [m for m in marcos if m["marco"] not in apartados]
    reparto = repartir([entrada["verbo"] for entrada in verbos])
    pares: dict[str, list[dict]] = {nombre: [] for nombre in CUPOS}
    for entrada in verbos:
        parte = reparto[entrada["verbo"]]
        pares[parte] += _filas(entrada, vistos, parte)
        otra = {"entrenamiento": "marcos_nuevos", "prueba": "todo_nuevo"}.get(parte)
        if otra:
            pares[otra] += _filas(entrada, nuevos, otra)
    for filas in pares.values():
        filas.sort(key=lambda fila: orden(fila["a"], fila["origen"]))
    return pares
