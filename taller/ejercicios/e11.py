"""Comprobaciones de la lección 11: juez, muestras sueltas y comparación pareada."""

from math import comb, erfc, sqrt

from . import ejercicio, no_es_numero, no_se_llama
from .fallos import llamar
from .numeros import suelto


@ejercicio("11-juez")
def _(veredictos):
    if pista := no_se_llama(veredictos):
        return pista
    directo, cruzado = list("ABABBA"), list("BAABAB")
    esperado = [1, 2, "empate", "empate", 2, 1]
    dados = llamar(veredictos, directo, cruzado)
    if dados is None:
        return "tu función no devolvió nada. ¿Falta `return`?"
    if not isinstance(dados, (list, tuple)):
        return f"devolviste {dados!r}; se pide una lista, con un veredicto por caso."
    dados = list(dados)
    if len(dados) != len(esperado):
        return f"hay {len(esperado)} casos y devolviste {len(dados)} veredictos."
    if dados == esperado:
        vacio = llamar(veredictos, [], [])
        return None if vacio is not None and len(vacio) == 0 else "sin casos, va []."
    if all(d == "empate" for d in dados):
        return (
            "todos salen empate. Si el juez dice A y, al intercambiar, B, eligió dos "
            "veces la respuesta 1."
        )
    if dados == [{1: 2, 2: 1}.get(e, e) for e in esperado]:
        return "está al revés: en el orden directo, la respuesta 1 es la A."
    if dados == [1 if d == "A" else 2 for d in directo]:
        return "solo miras el orden directo; el cruzado dice si se contradice."
    if dados == [
        (1 if d == "A" else 2) if d == c else "empate"
        for d, c in zip(directo, cruzado, strict=True)
    ]:
        return (
            "la misma letra en los dos órdenes es elegir el lugar, no la respuesta: "
            "al intercambiar, la respuesta 1 pasó a ser la B."
        )
    if {str(d) for d in dados} == {"1", "2", "empate"} and 1 not in dados:
        return "devuelve los números 1 y 2, sin comillas."
    mal = next(
        i for i, (d, e) in enumerate(zip(dados, esperado, strict=True)) if d != e
    )
    return (
        f"directo «{directo[mal]}» y cruzado «{cruzado[mal]}» te dio {dados[mal]!r}; "
        f"es {esperado[mal]!r}."
    )


def _cerca(a: float, b: float) -> bool:
    return abs(a - b) < 1e-6 * max(1, abs(b))


@ejercicio("11-sueltas")
def _(funcion):
    if pista := no_se_llama(funcion):
        return pista
    for p1, p2, n in ((0.7, 0.5, 100), (0.542, 0.516, 500), (0.3, 0.45, 80)):
        valor = suelto(llamar(funcion, p1, p2, n))
        if pista := no_es_numero(valor):
            return pista
        d, v1, v2 = p1 - p2, p1 * (1 - p1), p2 * (1 - p2)
        media = (p1 + p2) / 2
        junta = sqrt(2 * media * (1 - media) / n)
        if any(_cerca(abs(valor), abs(d) / e) for e in (sqrt((v1 + v2) / n), junta)):
            continue
        errores = {
            "esa es la diferencia; falta dividirla por su error típico.": d,
            "divides por la varianza: falta la raíz.": d / ((v1 + v2) / n),
            "usas la varianza de un solo modelo; las de los dos se suman.": (
                d / sqrt(v1 / n)
            ),
            "usas la varianza del segundo modelo; las de los dos se suman.": (
                d / sqrt(v2 / n)
            ),
            "sumaste las desviaciones. Se suman las varianzas; la raíz va después.": (
                d / (sqrt(v1 / n) + sqrt(v2 / n))
            ),
            "falta dividir las varianzas entre n.": d / sqrt(v1 + v2),
            "promediaste las varianzas: la de una resta es la suma.": (
                d / sqrt((v1 + v2) / 2 / n)
            ),
            "divides por la varianza de la diferencia multiplicada por n.": (
                d / sqrt((v1 + v2) * n)
            ),
            "está al revés: la diferencia va arriba.": (
                sqrt((v1 + v2) / n) / d if d else 0
            ),
        }
        for pista, malo in errores.items():
            if _cerca(abs(valor), abs(malo)):
                return pista
        recto = abs(d) / sqrt((v1 + v2) / n)
        if any(_cerca(abs(valor), round(recto, k)) for k in (0, 1, 2, 3)):
            return "no redondees dentro de la función."
        if _cerca(abs(valor), 100 * recto):
            return "no multipliques por 100: son errores típicos, no puntos."
        return (
            f"con {p1}, {p2} y n = {n} devolviste {valor:.3g}. Divide la diferencia "
            "por la raíz de la suma de las dos varianzas, cada una p(1 − p)/n."
        )
    return None


def _p(b: int, c: int) -> float:
    d = b + c
    return min(1.0, 2 * sum(comb(d, i) for i in range(min(b, c) + 1)) / 2**d)


@ejercicio("11-trueque")
def _(funcion):
    if pista := no_se_llama(funcion):
        return pista
    for n, x, y, d, b in (
        (500, 271, 258, 13, 13),
        (500, 271, 258, 37, 25),
        (500, 271, 258, 39, 26),
        (500, 271, 258, 201, 107),
        (500, 258, 271, 37, 12),
        (40, 25, 25, 10, 5),
        (250, 222, 197, 81, 53),
    ):
        valor, buena = suelto(llamar(funcion, n, x, y, d)), _p(b, d - b)
        caso = f"({n}, {x}, {y}, {d})"
        if valor is None:
            return (
                f"en {caso} devolviste None y sí es posible: b = {b} y c = {d - b} "
                "son enteros, restan lo debido y caben."
            )
        if no_es_numero(valor):
            return "se pide el valor p, un número, o None si no es posible."
        if abs(valor - buena) < 1e-9:
            continue
        if abs(valor - 1) < 1e-12 and suelto(llamar(funcion, 500, 271, 258, 37)) == 1:
            return (
                f"en {caso} no puede ser siempre 1. Resuelve b + c = discordantes y "
                "b − c = la ventaja, y llama a `mcnemar(b, c)`."
            )
        if abs(valor - buena / 2) < 1e-9:
            return "esa es una sola cola: una ventaja al revés también contaría."
        if abs(valor - _p(d, abs(x - y))) < 1e-9 or abs(valor - _p(x, y)) < 1e-9:
            return (
                "llamas a `mcnemar` con otra cosa: b y c son las respuestas en que "
                "acierta solo uno de los dos, no los aciertos ni la ventaja."
            )
        if abs(valor - erfc(abs(x - y) / sqrt(2 * d))) < 1e-6:
            return "esa es la aproximación de la ji al cuadrado; se pide la exacta."
        return f"en {caso}, b = {b} y c = {d - b}; p no es {valor:.4g}."
    imposibles = {
        (500, 271, 258, 38): "con ventaja 13 no puede haber 38 discordantes: b saldría "
        "con decimales.",
        (500, 271, 258, 11): "con ventaja 13 no puede haber 11 discordantes: c saldría "
        "negativo.",
        (500, 258, 271, 11): "si gana el segundo modelo, quien sale negativo es b: "
        "míralo también.",
        (250, 222, 197, 83): "con 222 aciertos de 250 hay 28 fallos: el otro no puede "
        "acertar solo en 29. Revisa que b y c quepan en los fallos.",
        (500, 10, 5, 25): "con 10 aciertos, el primero no puede acertar solo en 15. "
        "Revisa que b y c quepan en los aciertos.",
        (500, 5, 10, 25): "con 10 aciertos, el segundo no puede acertar solo en 15: "
        "mira también si cabe c.",
    }
    for datos, pista in imposibles.items():
        if llamar(funcion, *datos) is not None:
            return pista
    return None
