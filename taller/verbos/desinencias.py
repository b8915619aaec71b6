"""Pone a cada raíz su desinencia: la forma de cada persona, con la tónica marcada.

Las reglas salen de la Nueva gramática de la lengua española (RAE y ASALE, 2009),
capítulo 4. Las formas de vos y las chilenas se derivan de las de vosotros, de donde
vienen.
"""

from .ortografia import juntar, marcar_ultima

PERSONAS = ("tú", "vos", "usted", "ustedes", "vosotros", "chileno")
TIEMPOS = (
    "presente",
    "imperativo",
    "imperativo negativo",
    "pretérito",
    "imperfecto",
    "futuro",
    "condicional",
    "subjuntivo",
)
_FUERTES = {"tú": "s", "usted": "", "ustedes": "n"}  # presente: canta + s
_FUTURO = {"tú": "ás", "usted": "á", "ustedes": "án", "vosotros": "éis"}
_PASADO = {"tú": "s", "usted": "", "ustedes": "n", "vosotros": "is"}
_PRETERITO_AR = {"tú": "áste", "usted": "ó", "ustedes": "áron", "vosotros": "ásteis"}
_PRETERITO_IR = {"tú": "íste", "usted": "ió", "ustedes": "iéron", "vosotros": "ísteis"}


def _presente(p: dict, persona: str) -> str:
    if persona == "vosotros":
        return p["raiz"] + {"ar": "áis", "er": "éis", "ir": "ís"}[p["conj"]]
    vocal = "a" if p["conj"] == "ar" else "e"
    return p["fuerte"] + vocal + _FUERTES[persona]


def _subjuntivo(p: dict, persona: str) -> str:
    vocal = "e" if p["conj"] == "ar" else "a"
    if persona == "vosotros":
        desinencia = "éis" if vocal == "e" else "áis"
        if p["yo"]:
            return p["yo"] + desinencia
        return juntar(p["debil"], desinencia, p["conj"])
    if p["yo"]:
        return marcar_ultima(p["yo"]) + vocal + _FUERTES[persona]
    return juntar(p["fuerte"], vocal, p["conj"]) + _FUERTES[persona]


def _preterito(p: dict, persona: str) -> str:
    raiz = p["pretérito"]
    if raiz:  # tuviste, tuvo, tuvieron; dijeron
        if persona == "usted":
            return juntar(marcar_ultima(raiz), "o", "er")
        desinencia = _PRETERITO_IR[persona]
        if persona == "ustedes" and raiz.endswith("j"):
            desinencia = "éron"
        return raiz + desinencia
    if p["conj"] == "ar":
        return p["raiz"] + _PRETERITO_AR[persona]
    tercera = persona in ("usted", "ustedes")
    return juntar(p["debil"] if tercera else p["raiz"], _PRETERITO_IR[persona], "ir")


def _imperativo(p: dict, persona: str) -> str:
    if persona == "vosotros":
        return p["raiz"] + {"ar": "ád", "er": "éd", "ir": "íd"}[p["conj"]]
    if persona == "tú":
        return p["imperativo"] or _presente(p, "usted")
    return marcada(p, persona, "subjuntivo")


def _imperfecto(p: dict, persona: str) -> str:
    marca = "ába" if p["conj"] == "ar" else "ía"
    return p["imperfecto"] + marca + _PASADO[persona]


_REGLAS = {
    "presente": _presente,
    "imperativo": _imperativo,
    "pretérito": _preterito,
    "imperfecto": _imperfecto,
    "futuro": lambda p, persona: p["futuro"] + _FUTURO[persona],
    "condicional": lambda p, persona: p["futuro"] + "ía" + _PASADO[persona],
    "subjuntivo": _subjuntivo,
}


def marcada(p: dict, persona: str, tiempo: str, voseante: bool = False) -> str:
    """La forma con su vocal tónica marcada, sin pronombres.

    Argumentos: `p`, las raíces que da `raices.piezas`; `persona` y `tiempo`, de
    PERSONAS y TIEMPOS; `voseante`, el subjuntivo de vos en -és, -ás.
    """
    if tiempo == "imperativo negativo":
        tiempo = "subjuntivo"
    propias = p["formas"].get(tiempo, {})
    if persona in propias:
        return propias[persona]
    if persona == "vos":
        return _de_vos(p, tiempo, voseante)
    if persona == "chileno":
        return _chilena(p, tiempo)
    return _REGLAS[tiempo](p, persona)


def _de_vos(p: dict, tiempo: str, voseante: bool) -> str:
    """Vos: cantáis > cantás, cantad > cantá; en los demás tiempos, la forma de tú."""
    plural = marcada(p, "vosotros", tiempo)
    if tiempo == "imperativo":
        return plural.removesuffix("d")
    if tiempo == "presente" or (tiempo == "subjuntivo" and voseante):
        if plural.endswith("is"):
            return plural.removesuffix("s").removesuffix("i") + "s"
        return plural
    return marcada(p, "tú", tiempo)


def _chilena(p: dict, tiempo: str) -> str:
    """Voseo verbal chileno: cantái, tenís, cantabai; imperativo y pretérito, de tú."""
    if tiempo in ("imperativo", "pretérito", "futuro"):
        return marcada(p, "tú", tiempo)
    plural = marcada(p, "vosotros", tiempo)
    if plural.endswith("éis"):
        return plural.removesuffix("éis") + "ís"
    return plural if plural.endswith("ís") else plural.removesuffix("s")
