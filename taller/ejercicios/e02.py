"""Comprobaciones de la lección 02: bandas, dígito verificador y correos."""

from . import ejercicio, no_se_llama

# Ninguno es de una persona: la serie de cifras es un juego y no va con un nombre.
RUTS = {12345678: "5", 11111111: "1", 9999999: "3", 10000013: "K", 10000004: "0"}


def _probabilidad(s: float, b: int, r: int) -> float:
    return 1 - (1 - s**r) ** b


def _mejor(k: int, s: float, p: float) -> tuple[int, int]:
    """El par de mayor r que alcanza la probabilidad."""
    pares = [(k // r, r) for r in range(1, k + 1) if k % r == 0]
    return max((x for x in pares if _probabilidad(s, *x) >= p), key=lambda x: x[1])


@ejercicio("02-bandas")
def _(elegir_bandas):
    if pista := no_se_llama(elegir_bandas):
        return pista
    for k, s, p in ((128, 0.8, 0.95), (120, 0.5, 0.9), (60, 0.7, 0.99), (64, 0.9, 0.5)):
        valor = elegir_bandas(k, s, p)
        if not isinstance(valor, (tuple, list)) or len(valor) != 2:
            return "se espera un par de enteros: `return b, r`."
        b, r = valor
        if not all(hasattr(x, "__index__") for x in (b, r)):
            return "b y r deben ser enteros: divide con `//` cuando sea exacto."
        caso = f"con k={k}, s={s} y p={p}"
        if b * r != k:
            return f"{caso} diste b={b} y r={r}, y su producto debe ser justo k."
        mejor = _mejor(k, s, p)
        if (b, r) == mejor:
            continue
        if (r, b) == mejor:
            return f"{caso} el orden está al revés: primero b (bandas), después r."
        if _probabilidad(s, b, r) < p:
            return (
                f"{caso}, b={b} y r={r} encuentran un par así con probabilidad "
                f"{_probabilidad(s, b, r):.3f}: no alcanza. Revisa 1 − (1 − sʳ)ᵇ."
            )
        return (
            f"{caso}, b={b} y r={r} alcanzan, pero hay un r mayor que también alcanza "
            "y trae menos candidatos falsos. Prueba todos los divisores de k."
        )
    return None


def _al_reves(numero: int) -> str:
    """El dígito de quien multiplica de izquierda a derecha."""
    suma = sum(int(c) * (2 + i % 6) for i, c in enumerate(str(numero)))
    return "0123456789K"[(11 - suma % 11) % 11]


@ejercicio("02-rut")
def _(digito):
    if pista := no_se_llama(digito):
        return pista
    for numero, bueno in RUTS.items():
        valor = digito(numero)
        if valor == bueno:
            continue
        if valor is None:
            return "tu función no devolvió nada. ¿Falta `return`?"
        if isinstance(valor, (int, float)) and not isinstance(valor, bool):
            return (
                f"para {numero} devolviste el número {valor}; se pide un texto, porque "
                "uno de los once dígitos es una letra."
            )
        if valor in ("10", "11", "k", ""):
            return (
                f"para {numero} devolviste {valor!r}: si la resta da 10, el dígito es "
                "«K»; si da 11, es «0»."
            )
        if not isinstance(valor, str):
            return f"se pide un texto y devolviste un {type(valor).__name__}."
        if valor == _al_reves(numero):
            return (
                f"para {numero} diste {valor!r}, que es el de multiplicar de izquierda "
                "a derecha. La serie empieza en la última cifra."
            )
        sin_resta = {str((11 - int(bueno)) % 11)} if bueno.isdigit() else {"1"}
        if valor in sin_resta:
            return f"para {numero} diste el resto; falta restarlo de 11."
        if {valor, bueno} == {"0", "K"}:
            return f"para {numero} cambiaste «K» y «0»: 10 da «K» y 11 da «0»."
        return (
            f"para {numero} diste {valor!r} y es {bueno!r}. ¿La serie vuelve a 2 "
            "después del 7? ¿Vas de la última cifra a la primera?"
        )
    return None


@ejercicio("02-correo")
def _(buscar_correos):
    if pista := no_se_llama(buscar_correos):
        return pista
    casos = {
        "Escribe a feria.2@example.org.": ["feria.2@example.org"],
        "rio_sol (arroba) example.net responde": ["rio_sol (arroba) example.net"],
        "a-b@correo.example.com; luz7(arroba)example.com": [
            "a-b@correo.example.com",
            "luz7(arroba)example.com",
        ],
        "Síguenos como @mercadoejemplo y @ferias.": [],
        "Una arroba son once kilos (arroba) y medio.": [],
        "Nada por aquí": [],
    }
    for texto, buenos in casos.items():
        valor = buscar_correos(texto)
        if not isinstance(valor, list):
            return "devuelve una lista, aunque esté vacía: `re.findall` ya la da."
        if valor == buenos:
            continue
        if valor and (isinstance(valor[0], tuple) or {"@", ""} & set(valor)):
            return (
                "`findall` devuelve grupos cuando el patrón tiene paréntesis. Usa "
                "`(?:…)` en lugar de `(…)`."
            )
        if valor and buenos and valor[0] == buenos[0] + ".":
            return "el punto que cierra la oración no es parte del correo."
        if len(valor) < len(buenos) and any("arroba" in b for b in buenos):
            return (
                f"en «{texto}» falta un correo con «(arroba)», con espacios o sin. Los "
                r"paréntesis del texto se escriben `\(` y `\)`."
            )
        if len(valor) > len(buenos):
            return f"en «{texto}» marcas {valor}, y ahí no hay tantos correos."
        return f"en «{texto}» devolviste {valor}; se esperaba {buenos}."
    return None
