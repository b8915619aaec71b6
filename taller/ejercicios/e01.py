"""Comprobaciones de la lección 01: fundir, decodificar, fertilidad y prima."""

import re

from . import ejercicio, no_es, no_es_numero, no_se_llama

SIN_USAR = "cambié `codificar` y tu resultado no cambió: usa la función que recibes."
LETRA_PARTIDA = (
    "falla con una letra repartida en dos piezas. Una pieza puede ser media letra: "
    "une primero todos los bytes y decodifica una sola vez."
)


def _cerca(a: float, b: float) -> bool:
    return abs(a - b) < 1e-9


def _pista_del_numero(valor: float, errores: dict[str, list[float]]) -> str | None:
    """La pista del primer error conocido que da justo ese número."""
    pares = ((pista, malo) for pista, malos in errores.items() for malo in malos)
    return next((pista for pista, malo in pares if _cerca(valor, malo)), None)


def _fundir_mal(piezas: tuple, par: tuple) -> dict[str, tuple]:
    """Lo que da cada error típico al fundir: {pista: resultado}."""
    primera, solapadas, del_final, por_suma = [], [], [], []
    falta, i = True, 0
    while i < len(piezas):
        if falta and piezas[i : i + 2] == par:
            primera.append(par[0] + par[1])
            falta, i = False, i + 2
        else:
            primera.append(piezas[i])
            i += 1
    for i, pieza in enumerate(piezas):
        if piezas[i : i + 2] == par:
            solapadas.append(par[0] + par[1])
        elif not (i and piezas[i - 1 : i + 1] == par):
            solapadas.append(pieza)
    for pieza in reversed(piezas):
        if del_final and (pieza, del_final[0]) == par:
            del_final[0] = pieza + del_final[0]
        else:
            del_final.insert(0, pieza)
    for pieza in piezas:
        if por_suma and por_suma[-1] + pieza == par[0] + par[1]:
            por_suma[-1] += pieza
        else:
            por_suma.append(pieza)
    return {
        "no fundiste nada: compara cada pareja de vecinos con `par`.": piezas,
        "fundiste solo la primera pareja; recorre hasta el final.": tuple(primera),
        "una pieza ya fundida no puede entrar en otra pareja: tras fundir, salta las "
        "dos.": tuple(solapadas),
        "recorre de izquierda a derecha: el orden decide quién queda suelta.": tuple(
            del_final
        ),
        "comparas las piezas ya pegadas, y hay otras parejas que se escriben igual. "
        "Compara la pareja, pieza por pieza.": tuple(por_suma),
        "separaste en bytes piezas que ya estaban fundidas.": tuple(
            bytes([x]) for x in b"".join(piezas)
        ),
    }


@ejercicio("01-fundir")
def _(fundir):
    if pista := no_se_llama(fundir):
        return pista
    a, b, ab, c, abc = b"a", b"b", b"ab", b"c", b"abc"
    casos = [
        ((b" ", b"l", b"a", b" ", b"o", b"l", b"a"), (b"l", b"a"),
         (b" ", b"la", b" ", b"o", b"la")),
        ((a, b, a, b, c), (a, b), (ab, ab, c)),
        ((a, a, a, a), (a, a), (b"aa", b"aa")),
        ((a, a, a), (a, a), (b"aa", a)),
        ((c, a, b), (b, c), (c, a, b)),
        ((ab, c, a, b), (ab, c), (abc, a, b)),
        ((ab, c, a, b"bc"), (a, b"bc"), (ab, c, abc)),
        ((c,), (c, c), (c,)),
        ((), (a, b), ()),
    ]  # fmt: skip
    for piezas, par, buena in casos:
        dada = fundir(piezas, par)
        if pista := no_es(dada, object, "una tupla"):
            return pista
        caso = f"con {piezas} y el par {par}"
        if isinstance(dada, list) and tuple(dada) == buena:
            return (
                "las piezas están bien, pero en una lista. Devuelve una tupla: será "
                "clave de un diccionario."
            )
        if isinstance(dada, (bytes, str)):
            return "pegaste todo: se pide una tupla de piezas, fundidas o no."
        if not isinstance(dada, tuple):
            if isinstance(dada, list):
                dada = tuple(dada)
            else:
                return f"devolviste un {type(dada).__name__}; se pide una tupla."
        if dada == buena:
            continue
        if dada == piezas[:-1]:
            return f"{caso} perdiste la última pieza: guárdala aunque no se funda."
        for pista, mala in _fundir_mal(piezas, par).items():
            if dada == mala:
                return f"{caso} diste {dada}: {pista}"
        if b"".join(dada) != b"".join(piezas):
            return (
                f"{caso} se pierden o se repiten letras: {dada}. Cada pieza se guarda "
                "una sola vez, también la última."
            )
        return f"{caso} diste {dada}; se esperaba {buena}."
    return None


@ejercicio("01-decodificar")
def _(decodificar):
    if pista := no_se_llama(decodificar):
        return pista
    casos = {
        "la casa": [b"la", b" ca", b"sa"],
        "niño": [b"ni", b"\xc3", b"\xb1", b"o"],
        "café €": [b"caf", b"\xc3\xa9 ", b"\xe2", b"\x82\xac"],
        "": [],
    }
    for esperado, piezas in casos.items():
        recibidas = list(piezas)
        try:
            respuesta = decodificar(recibidas)
        except UnicodeDecodeError:
            return LETRA_PARTIDA
        except TypeError as error:
            if "bytes" not in str(error):
                raise
            return "las piezas son `bytes`: únelas con `b''.join(…)`, no con `''.join`."
        if recibidas != piezas:
            return "tu función cambia la lista que recibe; déjala como llegó."
        if isinstance(respuesta, bytes):
            return "ya las uniste; falta pasar esos bytes a texto con `.decode(…)`."
        if pista := no_es(respuesta, str, "un texto"):
            return pista
        if "b'" in respuesta:
            return "cada pieza es de tipo `bytes`: `str` la describe, no la decodifica."
        if "�" in respuesta:
            return LETRA_PARTIDA
        if "Ã" in respuesta:
            return "cada byte salió como una letra: el texto está en UTF-8."
        if respuesta != esperado:
            return f"con {piezas} devolviste {respuesta!r}; se esperaba {esperado!r}."
    try:
        cortada = decodificar([b"ni", b"\xc3"])
    except UnicodeDecodeError:
        return (
            "casi: un modelo puede detenerse a mitad de una letra y tu función se cae. "
            "Mira el argumento `errors` de `bytes.decode`."
        )
    if cortada == "ni":
        return "la media letra final desaparece sin aviso. Prueba `errors='replace'`."
    return None if cortada == "ni�" else f"con media letra al final das {cortada!r}."


@ejercicio("01-fertilidad")
def _(fertilidad):
    if pista := no_se_llama(fertilidad):
        return pista
    # un espacio doble, dos saltos y signos; `list` cuenta también los espacios
    texto = "la mesa  9/7 azul,\n¿está\nsola? por fin, a las 10:30 h"
    valor = fertilidad(list, texto)
    if pista := no_es_numero(valor):
        return pista
    tokens, palabras = len(texto), len(texto.split())
    buena = tokens / palabras
    if _cerca(valor, buena):
        return None if _cerca(fertilidad(str.split, texto), 1) else SIN_USAR
    sueltas = sum(map(len, texto.split()))
    errores = {
        "devolvió 0. Cuenta tokens con `len(codificar(texto))` y luego divide.": [0],
        "está al revés: son tokens por palabra.": [1 / buena, palabras / sueltas],
        "codificaste palabra por palabra, y así se pierden los espacios: «casa» y "
        "« casa» son tokens distintos. Codifica el texto entero.": [
            sueltas / palabras
        ],
        "divides entre caracteres. ¿Cómo se cuentan las palabras?": [1],
        "con espacios dobles o saltos de línea cuentas mal las palabras: compara "
        "`texto.split(' ')` con `texto.split()`.": [
            tokens / len(texto.split(" ")), tokens / (texto.count(" ") + 1),
        ],
        "las palabras son lo que queda entre espacios: «9/7» es una, no dos.": [
            tokens / len(re.findall(r"\w+", texto))
        ],
        "pierdes decimales: usa `/` y no redondees dentro de la función.": [
            *(tokens // palabras, round(buena), round(buena, 1), round(buena, 2)),
        ],
        "esos son los tokens; falta dividir entre las palabras.": [tokens],
        "esas son las palabras; falta contar los tokens con `codificar`.": [palabras],
    }  # fmt: skip
    return _pista_del_numero(valor, errores) or (
        f"un texto de {palabras} palabras y {tokens} tokens te dio {valor:.3g}."
    )


@ejercicio("01-prima")
def _(prima):
    if pista := no_se_llama(prima):
        return pista
    unas, otras = ["una casa muy grande", "sol"], ["big house", "sunshine"]
    recibidas = list(unas), list(otras)
    valor = prima(list, *recibidas)
    if pista := no_es_numero(valor):
        return pista
    if recibidas != (unas, otras):
        return "tu función cambia las listas que recibe; déjalas como llegaron."
    buena = sum(map(len, unas)) / sum(map(len, otras))
    por_palabra = len(" ".join(unas).split()) / len(" ".join(otras).split())
    razones = [len(a) / len(b) for a, b in zip(unas, otras, strict=True)]
    if _cerca(valor, buena):
        return None if _cerca(prima(str.split, unas, otras), por_palabra) else SIN_USAR
    errores = {
        "devolvió 0. Suma los tokens de cada lista y luego divide.": [0],
        "está al revés: la lengua que pagas va arriba.": [1 / buena],
        "promediaste las razones de cada frase, y una frase corta pesa como una larga. "
        "Suma primero los tokens de cada lista; divide al final.": [sum(razones) / 2],
        "no dividas entre palabras: las dos listas dicen lo mismo.": [
            buena / por_palabra
        ],
        "usaste una sola frase: recorre las dos listas enteras.": razones,
        "cuentas frases, o redondeas hacia abajo: cuenta tokens y usa `/`.": [1],
        "al unir las frases añadiste espacios, que también cuestan. Ve una por una.": [
            len(" ".join(unas)) / len(" ".join(otras))
        ],
        "se pide la razón misma: ni el exceso, ni un porcentaje, ni una diferencia.": [
            *(buena - 1, 100 * buena, len("".join(unas)) - len("".join(otras))),
        ],
        "no redondees dentro de la función.": [round(buena, 1), round(buena, 2)],
    }
    return _pista_del_numero(valor, errores) or (
        f"con otras frases devolviste {valor:.3g}; se esperaba {buena:.3g}."
    )
