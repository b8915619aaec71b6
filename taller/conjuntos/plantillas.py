"""Plantillas de oraciones: huecos que se llenan según el trato.

{revisar:presente} es un verbo; {llamar:imperativo+me}, un imperativo con su enclítico
(llámame, llamame, llámeme). Los pronombres y posesivos que se mueven con el verbo son
los de HUECOS; {te:se}, {te:le}, {te:lo} y {te:la} dicen qué es «te» con usted.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from ..errores import ErrorDelTaller
from ..verbos.conjugacion import PERSONAS, TIEMPOS, conjugar

HUECOS = (
    "tú te:se te:le te:lo te:la tu tus tu:f tus:f ti contigo tuyo tuya tuyos tuyas"
).split()
_TU = "tú te te te te tu tus tu tus ti contigo tuyo tuya tuyos tuyas"
_PRONOMBRES = {
    "tú": _TU,
    "vos": "vos te te te te tu tus tu tus vos con_vos tuyo tuya tuyos tuyas",
    "usted": "usted se le lo la su sus su sus usted con_usted suyo suya suyos suyas",
    "ustedes": (
        "ustedes se les los las su sus su sus ustedes con_ustedes suyo suya suyos suyas"
    ),
    "vosotros": (
        "vosotros os os os os vuestro vuestros vuestra vuestras vosotros con_vosotros "
        "vuestro vuestra vuestros vuestras"
    ),
    "chileno": _TU,
}
_FORMAS = {
    trato: dict(zip(HUECOS, texto.replace("_", "\0").split(), strict=True))
    for trato, texto in _PRONOMBRES.items()
}
EJEMPLO = "¿{cerrar:presente} {tu:f} puerta?"
_HUECO = re.compile(r"\{([^{}]*)\}")
_ENCLITICO = re.compile("(?:(?:me|nos|se)?(?:l[oa]s?)|les?|me|nos)")
# Dónde empieza una oración: al principio, o tras punto, «?» o «!» y un espacio. No tras
# puntos suspensivos ni tras una abreviatura de una letra, como en «p. m.».
_INICIO = re.compile(
    r"(?:^|(?<=[^.][.?!] )(?<![\s.][a-z]\. )(?<!ej\. ))[¿¡«(—]*[^\W\d_]"
)


@cache
def partir(plantilla: str) -> tuple[str, ...]:
    """Los trozos de una plantilla: en los lugares impares van los huecos."""
    return tuple(_HUECO.split(plantilla))


def verbo_de(hueco: str) -> tuple[str, str, str]:
    """Verbo, tiempo y enclítico de un hueco: «llamar:imperativo+me»."""
    verbo, _, resto = hueco.partition(":")
    tiempo, _, enclitico = resto.partition("+")
    return verbo, tiempo, enclitico


@cache
def llenar_hueco(hueco: str, trato: str) -> str:
    """Lo que va en un hueco con un trato. Lanza ErrorDelTaller si no lo entiende."""
    if hueco in _FORMAS[trato]:
        return _FORMAS[trato][hueco].replace("\0", " ")
    verbo, tiempo, enclitico = verbo_de(hueco)
    if not verbo or tiempo not in TIEMPOS:
        raise ErrorDelTaller(
            f"No entiendo el hueco «{{{hueco}}}». Escribe un verbo y su tiempo, como "
            "{cantar:presente}, o un pronombre, como {tu}."
        )
    if "+" in hueco and not _ENCLITICO.fullmatch(enclitico):
        raise ErrorDelTaller(
            f"En «{{{hueco}}}» no puedo pegar «{enclitico}». Usa me, nos, lo, la, los, "
            "las, le, les, melo… Para «te», escribe el verbo con -se: "
            "{sentarse:imperativo}."
        )
    return conjugar(verbo, trato, tiempo, enclitico)


def llenar(plantilla: str, trato: str) -> str:
    """Llena una plantilla que ya se sabe bien escrita."""
    trozos = list(partir(plantilla))
    trozos[1::2] = [llenar_hueco(hueco, trato) for hueco in trozos[1::2]]
    # Empieza con mayúscula cada oración, también tras «¿» o «¡».
    return _INICIO.sub(lambda letra: letra.group().upper(), "".join(trozos))


def _falla_de_llaves(plantilla: str) -> str | None:
    sueltas = _HUECO.sub("\0", plantilla)
    abren, cierran = plantilla.count("{"), plantilla.count("}")
    if abren == cierran and sueltas.count("{"):
        return "Hay llaves dentro de otras, o al revés: un hueco va así, {tu}."
    if abre := re.search(r"\{[^\s{}\0.,;?!¿¡]*", sueltas):
        return (
            f"Al hueco «{abre.group()}» le falta la llave que cierra: escribe "
            f"«{abre.group()}}}»."
        )
    if "}" in sueltas:
        return "Sobra una llave «}», o le falta la suya: un hueco va así, {tu}."
    return None


def _falla_de_bordes(plantilla: str) -> str | None:
    """Por qué algo no puede ir pegado a un hueco, o nada."""
    if pegado := re.search(r"(\{([^{}]*)\})(\w+|\{te:\w\w\})", plantilla):
        hueco, nombre, cola = pegado.groups()
        verbo, tiempo, _ = verbo_de(nombre)
        if tiempo == "imperativo" and (cola[0] == "{" or cola == "te"):
            base = verbo.removesuffix("se")
            return (
                f"«{hueco}{cola}» quedaría mal acentuado. Escribe el verbo con -se: "
                f"{{{base}se:imperativo}}."
            )
        if tiempo == "imperativo" and _ENCLITICO.fullmatch(cola):
            return (
                f"«{hueco}{cola}» quedaría mal acentuado. El pronombre va dentro del "
                f"hueco: {{{nombre}+{cola}}}."
            )
        return f"Deja un espacio después de «{hueco}»: «{cola}» está pegado."
    for pegado in re.finditer(r"(\w+|\})(\{([^{}]*)\})", plantilla):
        antes, hueco, nombre = pegado.groups()
        if not nombre.startswith("te:"):
            return f"Deja un espacio antes de «{hueco}», que va pegado a «{antes}»."
        if not re.search("(?:[aeiáéí]r|ndo)$", antes):
            return (
                f"«{hueco}» solo se pega a un infinitivo o a un gerundio, como en "
                "«dar{te:se} cuenta». Con un imperativo, escribe el verbo con -se: "
                "{sentarse:imperativo}."
            )
    return None


def revisar(plantilla: object) -> str:
    """Devuelve la plantilla en NFC, con los espacios en orden.

    Lanza ErrorDelTaller, con lo que hay que escribir, si no es una plantilla.
    """
    if not isinstance(plantilla, str) or not plantilla.strip():
        raise ErrorDelTaller(
            f"La plantilla debe ser un texto con huecos, como «{EJEMPLO}»."
        )
    texto = " ".join(unicodedata.normalize("NFC", plantilla).split())
    texto = re.sub(r" ([,.;:?!])", r"\1", texto)
    if falla := _falla_de_llaves(texto):
        raise ErrorDelTaller(f"{falla} La plantilla es «{plantilla}».")
    if not _HUECO.search(texto):
        raise ErrorDelTaller(
            f"«{plantilla}» no trae ningún hueco. Esta función no reescribe oraciones: "
            f"llena plantillas, como «{EJEMPLO}». Para cambiar el trato de una oración "
            "cualquiera está el modelo que ajusta la lección 10."
        )
    if falla := _falla_de_bordes(texto):
        raise ErrorDelTaller(falla)
    return texto


def redactar(plantilla: str, trato: str) -> str:
    """Llena los huecos de una plantilla para un trato y devuelve la oración.

    Lanza ErrorDelTaller si el trato no es de los previstos o si la plantilla está mal
    escrita: sin huecos, con una llave suelta, con letras pegadas a un hueco o con un
    verbo, un tiempo o un pronombre que no existe.
    """
    if trato not in PERSONAS:
        raise ErrorDelTaller(
            f"No conozco el trato «{trato}»: usa {', '.join(PERSONAS)}."
        )
    return llenar(revisar(plantilla), trato)


def cambiar_trato(plantilla: str, a: str = "vos", de: str = "tú") -> tuple[str, str]:
    """Devuelve la misma oración en dos tratos: (origen, destino).

    Con «¿{cerrar:presente} {tu:f} puerta?» da «¿Cierras tu puerta?» y «¿Cerrás tu
    puerta?». Lanza ErrorDelTaller, como `redactar`, si algo no es de lo previsto.
    """
    return redactar(plantilla, de), redactar(plantilla, a)
