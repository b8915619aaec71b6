"""Raíces de cada verbo y clase a la que pertenece; lo irregular está en los datos.

Fuente de los modelos: RAE y ASALE, Nueva gramática de la lengua española (2009),
capítulo 4. Un verbo con prefijo se conjuga como el que lleva dentro (deshacer, como
hacer), salvo los que los datos apartan: pretender no sigue a tender.
"""

from functools import cache

from .ortografia import marcar_ultima, quitar_tilde
from .tablas import CAMBIOS, TILDES, leer_tablas, tablas

__all__ = ["SUPLETIVOS", "clase", "es_conocido", "leer_tablas", "piezas"]

SUPLETIVOS = ("ser", "ir", "haber")
_SIN_DERIVADOS = (*SUPLETIVOS, "estar", "dar")


def _bases(verbo: str, prefijos: object) -> list[tuple[str, str]]:
    """Las maneras de partirlo en prefijo y verbo: (des, hacer); (auto, regular)."""
    partes = []
    for prefijo in prefijos:
        base = verbo[len(prefijo) :]
        if verbo.startswith(prefijo) and base not in _SIN_DERIVADOS:
            partes.append((prefijo, base))
            if base.startswith("rr"):  # contrarreplicar
                partes.append((prefijo + "r", base[1:]))
    return partes


@cache
def es_conocido(verbo: str) -> bool:
    """Dice si el verbo está en la lista, o si es uno de ella con un prefijo vivo."""
    lista, productivos = tablas().infinitivos, tablas().productivos
    return verbo in lista or any(b in lista for _, b in _bases(verbo, productivos))


@cache
def _de_tabla(verbo: str) -> tuple[dict, ...] | None:
    """Lo irregular del verbo, suyo o del que lleva dentro; nada si no hay."""
    t = tablas()
    if propias := t.unicos.get(verbo) or t.cambios.get(verbo):
        return propias
    if verbo in t.sin_herencia or not es_conocido(verbo):
        return None
    for modelo, fichas in t.modelos.items():
        if verbo.endswith(modelo):
            return _con_prefijo(verbo.removesuffix(modelo), fichas)
    prefijos = t.prefijos if verbo in t.infinitivos else t.productivos
    for prefijo, base in _bases(verbo, prefijos):
        if base in t.infinitivos and (fichas := _de_tabla(base)):
            return _con_prefijo(prefijo, fichas)
    return None


def _con_prefijo(prefijo: str, fichas: tuple[dict, ...]) -> tuple[dict, ...]:
    """Las mismas fichas con el prefijo en cada raíz y en cada forma."""
    return tuple(
        {clave: _anteponer(prefijo, clave, valor) for clave, valor in ficha.items()}
        for ficha in fichas
    )


def _anteponer(prefijo: str, clave: str, valor):
    if isinstance(valor, dict):
        return {c: _anteponer(prefijo, c, v) for c, v in valor.items()}
    return valor if clave == "cambio" else prefijo + valor


def _por_terminacion(verbo: str) -> tuple[dict, ...]:
    """Lo que la terminación sola predice: conozca, construye, actúa."""
    antes, final = verbo[:-3], verbo[-3:]
    if final == "uir" and antes[-1:] not in ("g", "q", ""):
        return ({"fuerte": antes + "úy", "yo": antes + "uy"},)
    if final in ("cer", "cir") and antes[-1:] in tuple("aeiou"):
        return ({"yo": antes + "zc"},)
    if final == "uar" and antes[-1:] == "c":  # adecua y adecúa
        return ({}, {"cambio": "ú"})
    if final == "uar" and antes[-1:] not in ("g", "q", ""):
        return ({"cambio": "ú"},)
    return ({},)


@cache
def piezas(verbo: str) -> tuple[dict, ...]:
    """Raíces del verbo: átona, tónica (fuerte), del subjuntivo y de los pasados.

    Da más de una ficha si la norma admite más de una conjugación; la primera es la
    más usual. Un verbo que no está en las tablas sale por su terminación.
    """
    fichas = _de_tabla(verbo) or _por_terminacion(verbo)
    return tuple(_piezas(verbo, ficha) for ficha in fichas)


def _piezas(verbo: str, ficha: dict) -> dict:
    llano = quitar_tilde(verbo)
    raiz, conj = ficha.get("raiz", llano[:-2]), llano[-2:]
    fuerte, debil = ficha.get("fuerte", raiz), raiz
    cambio = ficha.get("cambio", "")
    if cambio in CAMBIOS:
        vieja = cambio[0]
        antes, _, despues = raiz.rpartition(vieja)
        dieresis = antes.endswith("g") and cambio == "o>ue"  # avergüenzas
        nueva = "üé" if dieresis else CAMBIOS[cambio]
        fuerte = antes + nueva + despues
        if conj == "ir" and vieja in "eo":  # sintió, pidáis, durmió
            debil = antes + {"e": "i", "o": "u"}[vieja] + despues
    elif cambio:  # la tilde de «envías», «continúas», «reúnes»
        antes, _, despues = raiz.rpartition(quitar_tilde(cambio))
        fuerte = antes + cambio + despues
    return {
        "conj": conj,
        "raiz": raiz,
        "debil": ficha.get("debil", debil),
        "fuerte": marcar_ultima(fuerte),
        "yo": ficha.get("yo"),
        "pretérito": ficha.get("pretérito"),
        "imperfecto": ficha.get("imperfecto", raiz),
        "futuro": ficha.get("futuro", llano),
        "imperativo": ficha.get("imperativo"),
        "formas": ficha.get("formas", {}),
    }


@cache
def clase(verbo: str) -> str:
    """Clase del verbo: regular-ar, -er o -ir; cambio de raíz u ortográfico; irregular
    (una familia con forma propia: tener, mantener); supletivo (ser, ir, haber)."""
    base = verbo.removesuffix("se")
    if base in SUPLETIVOS:
        return "supletivo"
    conj = quitar_tilde(base)[-2:]
    propia = _de_tabla(base)
    ficha = (propia or _por_terminacion(base))[0]
    if set(ficha) - {"cambio", "debil"}:
        regla = not propia or base.endswith("ducir")  # conozca, construyes, conduzca
        return "cambio de raíz" if regla else "irregular"
    if ficha:
        tilde = ficha["cambio"] in TILDES
        return "cambio ortográfico" if tilde else "cambio de raíz"
    raiz = base[:-2]
    suena = ("c", "g", "z", "gu") if conj == "ar" else ("c", "g", "gu", "qu")
    if raiz.endswith(suena) or (conj == "er" and raiz[-1:] in ("a", "e", "o")):
        return "cambio ortográfico"
    return f"regular-{conj}"
