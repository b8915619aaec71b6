"""Conjuga verbos en las formas de trato del español: tú, vos, usted y las demás.

Las reglas salen de la Nueva gramática de la lengua española (RAE y ASALE, 2009),
capítulo 4; lo que ninguna regla predice lo trae raices.py. De un verbo que no conoce
no inventa nada: lo dice.
"""

from functools import cache

from ..errores import ErrorDelTaller
from .defectivos import revisar_uso
from .desinencias import PERSONAS, TIEMPOS, marcada
from .encliticos import revisar_encliticos, revisar_union
from .entrada import leer_encliticos, leer_persona, leer_tiempo, leer_verbo
from .ortografia import escribir
from .raices import piezas

__all__ = ["PERSONAS", "REFLEXIVOS", "TIEMPOS", "conjugar", "formas"]

REFLEXIVOS = dict(zip(PERSONAS, ("te", "te", "se", "se", "os", "te"), strict=True))


def conjugar(
    verbo: str,
    persona: str,
    tiempo: str = "presente",
    enclitico: str = "",
    voseante: bool = False,
    regular: bool = False,
) -> str:
    """Devuelve la forma de un verbo: conjugar("decir", "vos", "imperativo") da «decí».

    `verbo`: infinitivo, también reflexivo («sentarse»: te sentás, sentate, siéntese).
    `persona`: tú, vos, usted, ustedes, vosotros o chileno; `tiempo`: uno de TIEMPOS.
    `enclitico`: pronombres que se pegan al imperativo («me», «melo»: decímelo).
    `voseante`: subjuntivo de vos en -és, -ás («cantés»); por omisión, «cantes».
    `regular`: conjuga por su terminación un verbo que no está en la lista del curso.
    El imperativo negativo se devuelve sin el «no». Si la norma admite más de una forma,
    da la más usual; `formas` las da todas. Lanza ErrorDelTaller si no entiende un
    argumento, si no conoce el verbo o si esa forma no se usa («soler» en imperativo).
    """
    try:
        return _formas(verbo, persona, tiempo, enclitico, voseante, regular)[0]
    except TypeError:  # una lista, por ejemplo, no se puede ni buscar
        _revisar_textos(verbo, persona, tiempo, enclitico)
        raise


def formas(
    verbo: str,
    persona: str,
    tiempo: str = "presente",
    enclitico: str = "",
    voseante: bool = False,
    regular: bool = False,
) -> tuple[str, ...]:
    """Todas las formas que admite la norma, primero la más usual.

    formas("erguir", "tú") da («yergues», «irgues»); casi todos los verbos dan una
    sola. Argumentos y errores, los de `conjugar`. No junta «cantes» con «cantés»: esa
    la pide `voseante`.
    """
    try:
        return _formas(verbo, persona, tiempo, enclitico, voseante, regular)
    except TypeError:
        _revisar_textos(verbo, persona, tiempo, enclitico)
        raise


def _revisar_textos(*valores: object) -> None:
    """Lanza ErrorDelTaller si lo que llegó no es un texto."""
    nombres = ("verbo", "persona", "tiempo", "enclitico")
    for nombre, valor in zip(nombres, valores, strict=True):
        if not isinstance(valor, str):
            raise ErrorDelTaller(
                f"«{nombre}» debe ser un texto, y llegó {valor!r}. "
                'Escribe, por ejemplo, conjugar("cantar", "vos").'
            )


@cache
def _formas(
    verbo: str, persona: str, tiempo: str, enclitico: str, voseante: bool, regular: bool
) -> tuple[str, ...]:
    persona, tiempo = leer_persona(persona), leer_tiempo(tiempo)
    base, es_reflexivo = leer_verbo(verbo, regular)
    revisar_uso(base, persona, tiempo)
    if enclitico and tiempo != "imperativo":
        raise ErrorDelTaller(
            "Los enclíticos solo se pegan aquí al imperativo afirmativo."
        )
    reflexivo = REFLEXIVOS[persona] if es_reflexivo else ""
    grupo = reflexivo + leer_encliticos(enclitico)
    if enclitico:
        revisar_encliticos(grupo, persona, base)
    escritas = {}  # sin repetir y en orden
    for p in piezas(base):
        forma = marcada(p, persona, tiempo, voseante)
        if not grupo:
            escrita = escribir(forma)
        elif tiempo == "imperativo":
            escrita = _con_grupo(forma, grupo, base)
        else:
            escrita = f"{reflexivo} {escribir(forma)}"
        escritas[escrita] = None
    return tuple(escritas)


def _con_grupo(forma: str, grupo: str, base: str) -> str:
    """El imperativo con sus pronombres pegados y su tilde donde toca."""
    revisar_union(escribir(forma), grupo)
    if grupo.startswith("os") and base != "ir":  # sentad + os: sentaos; pero idos
        forma = forma.removesuffix("d")
    return escribir(forma + grupo)
