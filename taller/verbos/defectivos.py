"""Los verbos que no se usan en todas las formas: soler, atañer, llover.

Fuente: RAE y ASALE, Nueva gramática de la lengua española (2009), capítulo 4.
"""

from ..errores import ErrorDelTaller
from .tablas import tablas

_MANDATOS = ("imperativo", "imperativo negativo")
# Las formas cuya desinencia no empieza por i: «aterís», pero no otras.
_SIN_I = {
    "presente": ("tú", "usted", "ustedes"),
    "imperativo": ("tú", "usted", "ustedes", "chileno"),
}


def revisar_uso(verbo: str, persona: str, tiempo: str) -> None:
    """Comprueba que la forma se use.

    Argumentos: `verbo`, el infinitivo sin pronombre; `persona` y `tiempo`.
    Errores: ErrorDelTaller si esa forma del verbo no se usa, con la razón.
    """
    if verbo == "haber" and tiempo in _MANDATOS:
        raise ErrorDelTaller("«haber» no tiene imperativo en el español de hoy.")
    uso = tablas().usos.get(verbo)
    if uso and (falla := _FALLAS[uso](persona, tiempo)):
        raise ErrorDelTaller(f"«{verbo}» {falla}")


def _solo_con_i(persona: str, tiempo: str) -> str | None:
    sin_i = tiempo in ("subjuntivo", "imperativo negativo")
    if sin_i or persona in _SIN_I.get(tiempo, ()):
        return "solo se usa en las formas cuya desinencia empieza por i."
    return None


def _solo_tercera(persona: str, tiempo: str) -> str | None:
    if tiempo in _MANDATOS or persona not in ("usted", "ustedes"):
        return (
            "solo se usa en tercera persona: pide la forma de usted o la de ustedes, "
            "que es la misma, y no en imperativo."
        )
    return None


def _sin_subjuntivo(persona: str, tiempo: str) -> str | None:
    de_subjuntivo = tiempo == "imperativo" and persona in ("usted", "ustedes")
    if de_subjuntivo or tiempo in ("subjuntivo", "imperativo negativo"):
        return "no se usa en el presente de subjuntivo: usa otro verbo (balbucear)."
    return None


def _soler(persona: str, tiempo: str) -> str | None:
    if tiempo in (*_MANDATOS, "futuro", "condicional"):
        return f"no se usa en {tiempo}."
    return None


def _impersonal(persona: str, tiempo: str) -> str | None:
    if _solo_tercera(persona, tiempo):
        return (
            "es impersonal: pide la forma de usted o la de ustedes, que es la de "
            "tercera persona, y no en imperativo. Las demás son figuradas."
        )
    return None


_FALLAS = {
    "solo con i": _solo_con_i,
    "solo tercera persona": _solo_tercera,
    "sin subjuntivo": _sin_subjuntivo,
    "soler": _soler,
    "impersonal": _impersonal,
}
