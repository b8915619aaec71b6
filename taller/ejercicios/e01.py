"""Comprobaciones de la lección 01: normalizar, decodificar, fertilidad y prima."""

from unicodedata import combining, normalize

from . import ejercicio, no_es, no_se_llama

SIN_USAR = "cambié `codificar` y tu resultado no cambió: usa la función que recibes."
LETRA_PARTIDA = (
    "falla con una letra repartida en dos piezas. Una pieza puede ser media letra: "
    "une primero todos los bytes y decodifica una sola vez."
)


def _sin_marcas(texto: str) -> str:
    """El texto sin tildes, diéresis ni virgulillas."""
    return "".join(c for c in normalize("NFD", texto) if not combining(c))


def _cerca(a: float, b: float) -> bool:
    return abs(a - b) < 1e-9


def _pista_del_numero(valor: float, errores: dict[str, list[float]]) -> str | None:
    """La pista del primer error conocido que da justo ese número."""
    pares = ((pista, malo) for pista, malos in errores.items() for malo in malos)
    return next((pista for pista, malo in pares if _cerca(valor, malo)), None)


@ejercicio("01-normalizar")
def _(limpiar):
    if pista := no_se_llama(limpiar):
        return pista
    for palabras in ("El pingüino bailó en la peña", "mitã ñeʼẽ porã", "ÁÉÍ corazón"):
        junta, partida = normalize("NFC", palabras), normalize("NFD", palabras)
        respuesta = limpiar(partida)
        if pista := no_es(respuesta, str, "un texto"):
            return pista
        if respuesta == junta and limpiar(junta) == junta:
            continue
        if respuesta == partida:
            return (
                "la letra y su tilde siguen separadas. Compara `len` antes y después, "
                "y mira las dos formas de `unicodedata.normalize` de arriba."
            )
        if _sin_marcas(respuesta) == respuesta:
            return (
                "tu función borra tildes y eñes, y «año» no es «ano». "
                "Busca la forma que junta la letra con su marca."
            )
        if (
            normalize("NFC", respuesta).lower() == respuesta
            and respuesta == junta.lower()
        ):
            return "cambiaste mayúsculas por minúsculas; eso es otra decisión. Déjalas."
        if normalize("NFC", respuesta) == junta:
            return (
                f"{respuesta!r} se ve bien, pero conserva letras partidas. Son muchas "
                "para una lista (ü, ẽ, ã…): usa la función que las conoce todas."
            )
        return f"con una entrada nueva devolviste {respuesta!r}; se esperaba {junta!r}."
    if limpiar("  hola  ") != "  hola  ":
        return "quitaste espacios. Aquí solo cambia cómo se escriben las letras."
    if limpiar("2º piso, ½ taza") != "2º piso, ½ taza":
        return (
            "cambiaste signos que ya estaban bien (º, ½). Las formas con K simplifican "
            "de más: basta con la que solo junta."
        )
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
        try:
            respuesta = decodificar(piezas)
        except UnicodeDecodeError:
            return LETRA_PARTIDA
        except TypeError as error:
            if "bytes" not in str(error):
                raise
            return "las piezas son `bytes`: únelas con `b''.join(…)`, no con `''.join`."
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
    texto = "la mesa  azul\nestá\nsola por fin"  # un espacio doble y dos saltos

    def letras(t):
        return [c for c in t if not c.isspace()]

    valor = fertilidad(letras, texto)
    if pista := no_es(valor, (int, float), "un número"):
        return pista
    tokens, palabras = len(letras(texto)), len(texto.split())
    buena = tokens / palabras
    if _cerca(valor, buena):
        return None if _cerca(fertilidad(str.split, texto), 1) else SIN_USAR
    errores = {
        "devolvió 0. Cuenta tokens con `len(codificar(texto))` y luego divide.": [0],
        "está al revés: son tokens por palabra.": [1 / buena],
        "divides entre caracteres. ¿Cómo se cuentan las palabras?": [
            *(tokens / len(texto), 1)
        ],
        "con espacios dobles o saltos de línea cuentas mal las palabras: compara "
        "`texto.split(' ')` con `texto.split()`.": [tokens / len(texto.split(" "))],
        "pierdes decimales: usa `/` y no redondees dentro de la función.": [
            *(tokens // palabras, round(buena), round(buena, 1), round(buena, 2)),
        ],
        "esos son los tokens; falta dividir entre las palabras.": [tokens],
        "esas son las palabras; falta contar los tokens con `codificar`.": [palabras],
    }
    return _pista_del_numero(valor, errores) or (
        f"un texto de {palabras} palabras y {tokens} tokens te dio {valor:.3g}."
    )


@ejercicio("01-prima")
def _(prima):
    if pista := no_se_llama(prima):
        return pista
    unas, otras = ["una casa muy grande", "sol"], ["big house", "sunshine"]
    valor = prima(list, unas, otras)
    if pista := no_es(valor, (int, float), "un número"):
        return pista
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
