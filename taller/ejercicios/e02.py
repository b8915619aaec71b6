"""Comprobaciones de la lección 02: candidatos, dígito verificador y correos."""

from collections.abc import Sequence

from ..conjuntos.datos_falsos import PESOS_NIT
from . import ejercicio, no_se_llama

# Ninguno va con un nombre. Sus restos son 4, 0, 1, 10, 3, 9 y 4.
NITS = {900000197: 7, 900000116: 0, 900000105: 1, 900000108: 1, 12345678: 8}
NITS |= {1234567890: 2, 987654321: 7}


def _pares(firmas: dict, b: int, r: int, clave) -> set:
    """Pares que comparten `clave(firma, banda, r)` en alguna banda."""
    pares, cubos = set(), {}
    for i, firma in firmas.items():
        for banda in range(b):
            cubo = cubos.setdefault(clave(firma, banda, r), [])
            pares |= {(j, i) for j in cubo if j != i}
            cubo.append(i)
    return pares


def _trozo(firma, banda: int, r: int) -> bytes:
    return firma[banda * r : (banda + 1) * r].tobytes()


def _firmas_de_prueba(b: int, r: int) -> dict:
    """Firmas con una coincidencia de cada clase; b y r, de 2 en adelante."""
    import numpy as np

    azar = np.random.default_rng(8)

    def nueva():
        return azar.integers(1000, 2**31, b * r, dtype=np.uint64)

    uno, otra = nueva(), nueva()
    igual_al_final, casi, corrida, gemela = nueva(), nueva(), nueva(), uno.copy()
    igual_al_final[-r:] = uno[-r:]  # la última banda entera
    casi[: r - 1] = otra[: r - 1]  # todos los valores de una banda, menos uno
    corrida[r : 2 * r] = otra[:r]  # los mismos valores, en otra banda
    a_medias = nueva()  # r seguidos, a caballo entre dos bandas
    a_medias[1 : r + 1] = casi[1 : r + 1]
    primera = nueva()
    primera[:r] = corrida[:r]  # la primera banda entera
    del_medio = nueva()
    if b > 2:
        del_medio[r : 2 * r] = casi[r : 2 * r]  # solo una banda de en medio
    return {
        "z": uno,
        "o": del_medio,
        "n": primera,
        "a": otra,
        7: igual_al_final,
        "m": casi,
        "b": corrida,
        "k": gemela,
        3: a_medias,
    }


@ejercicio("02-candidatos")
def _(candidatos):
    if pista := no_se_llama(candidatos):
        return pista
    for b, r in ((3, 4), (4, 2), (2, 3)):
        firmas = _firmas_de_prueba(b, r)
        recibidas = {i: f.copy() for i, f in firmas.items()}
        valor = candidatos(recibidas, b, r)
        if valor is None or valor is ...:
            return "tu función no devolvió nada. ¿Falta `return`?"
        if list(recibidas) != list(firmas) or any(
            (recibidas[i] != firmas[i]).any() for i in firmas
        ):
            return "tu función cambia las firmas que recibe; déjalas como llegaron."
        if isinstance(valor, (list, tuple, dict)):
            return (
                f"devolviste un {type(valor).__name__}; se pide un conjunto (`set`) de "
                "pares: dos textos que comparten varios cubos son un solo par."
            )
        if not isinstance(valor, (set, frozenset)):
            return f"devolviste un {type(valor).__name__}; se pide un conjunto."
        if any(not isinstance(par, tuple) or len(par) != 2 for par in valor):
            return "cada elemento del conjunto debe ser una tupla de dos nombres."
        buenos = _pares(firmas, b, r, lambda f, n, r: (n, _trozo(f, n, r)))
        if valor == buenos:
            continue
        lugar = {i: n for n, i in enumerate(firmas)}
        caso = f"con {b} bandas de {r} valores"
        if any(x == y for x, y in valor):
            return f"{caso} un texto sale como pareja de sí mismo."
        if any(x not in lugar or y not in lugar for x, y in valor):
            return "cada par lleva los nombres de las firmas, las claves de `firmas`."
        if valor == {(y, x) for x, y in buenos}:
            return "los pares van en el orden de `firmas`: primero el que llegó antes."
        if valor == buenos | {(y, x) for x, y in buenos}:
            return "cada par sale dos veces, en los dos órdenes; basta uno."
        errores = {
            "dos bandas distintas con los mismos valores caen en el mismo cubo. La "
            "clave debe llevar también el número de la banda.": (b, r, _trozo),
            "comparas firmas enteras, y basta que coincida una banda.": (
                b, r, lambda f, n, r: f.tobytes(),
            ),
            "te falta la última banda.": (
                b - 1, r, lambda f, n, r: (n, _trozo(f, n, r)),
            ),
            "las bandas se montan unas sobre otras: la banda n empieza en n · r.": (
                b, r, lambda f, n, r: (n, f[n : n + r].tobytes()),
            ),
            "basta un valor para que tengas un par; debe coincidir la banda entera.": (
                b * r, 1, lambda f, n, r: (n, f[n].tobytes()),
            ),
            "solo miras la primera banda.": (
                1, r, lambda f, n, r: (n, _trozo(f, n, r)),
            ),
        }  # fmt: skip
        for pista, (bandas, filas, clave) in errores.items():
            if valor == _pares(firmas, bandas, filas, clave):
                return f"{caso}: {pista}"
        if faltan := buenos - valor:
            return (
                f"{caso} no hallas el par {sorted(faltan, key=str)[0]}, que comparte "
                "una banda entera."
            )
        return (
            f"{caso} el par {sorted(valor - buenos, key=str)[0]} no comparte ninguna "
            "banda entera. Corta en b trozos de r valores, uno tras otro."
        )
    return None


def _resto(numero: int, pesos: Sequence[int] = PESOS_NIT) -> int:
    cifras = reversed(str(numero))
    return sum(int(c) * p for c, p in zip(cifras, pesos, strict=False)) % 11


def _al_reves(numero: int) -> int:
    """El dígito de quien multiplica de izquierda a derecha."""
    resto = _resto(int(str(numero)[::-1]))
    return resto if resto < 2 else 11 - resto


@ejercicio("02-nit")
def _(digito):
    if pista := no_se_llama(digito):
        return pista
    for numero, bueno in NITS.items():
        valor = digito(numero)
        if valor == bueno and type(valor) is int:
            continue
        caso = f"para {numero} devolviste {valor!r}"
        if valor is None:
            return "tu función no devolvió nada. ¿Falta `return`?"
        if type(valor) is not int:
            tipo = type(valor).__name__
            return f"{caso}; se pide un número entero, no {tipo}: usa `int(…)`."
        if valor in (10, 11):
            return (
                f"{caso}: el dígito es una sola cifra. Si el resto es 0 o 1, el dígito "
                "es el resto; solo si es mayor se le resta a 11."
            )
        if valor == _al_reves(numero):
            return (
                f"{caso}, que es el de multiplicar de izquierda a derecha. El 3 va con "
                "la última cifra."
            )
        if valor == _resto(numero):
            return f"{caso}, que es el resto; cuando pasa de 1 falta restarlo de 11."
        if valor == (11 - _resto(numero, PESOS_NIT[1:])) % 11:
            return f"{caso}: empezaste la serie en 7, y la última cifra va con el 3."
        return (
            f"{caso} y es {bueno}. ¿La serie es 3, 7, 13, 17, 19, 23, 29, 37, 41, 43, "
            "y empieza en la última cifra?"
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
        "(feria@example.org), «rio@example.net»": [
            "feria@example.org",
            "rio@example.net",
        ],
        "El archivo luz7-arroba-example.com y la feria arroba example.org": [],
    }
    for texto, buenos in casos.items():
        valor = buscar_correos(texto)
        if valor is None or valor is ...:
            return "tu función no devolvió nada. ¿Falta `return`?"
        if not isinstance(valor, list):
            return "devuelve una lista, aunque esté vacía: `re.findall` ya la da."
        if valor == buenos:
            continue
        if not buenos and any("(arroba)" in str(x) for x in valor):
            return (
                f"en «{texto}» marcas {valor}. Tras la arroba va un dominio, con un "
                "punto y algo después."
            )
        if not buenos and any("arroba" in str(x) for x in valor):
            return (
                f"en «{texto}» marcas {valor}. En un patrón, el punto y los paréntesis "
                r"tienen otro oficio: los del texto se escriben `\(` y `\)`."
            )
        if (
            buenos
            and len(valor) == len(buenos)
            and any(b in str(v) and b != v for b, v in zip(buenos, valor, strict=True))
        ):
            if valor[0] != buenos[0] + ".":
                return (
                    f"en «{texto}» tomas de más: {valor}. `\\S` y el punto aceptan "
                    "paréntesis y comillas; di qué caracteres lleva un correo."
                )
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
