"""Comprobaciones de la lección 08: energía, parámetros de LoRA y fusión."""

from . import ejercicio, no_es, no_se_llama
from .fallos import FORMAS, Fallo, llamar, significado
from .numeros import suelto


def _entero(funcion, que: str, *datos) -> int:
    """El entero que devuelve la función con copias de `datos`.

    Errores: `Fallo` si no devuelve un entero, y los de la función.
    """
    valor = suelto(llamar(funcion, *datos))
    if pista := no_es(valor, (int, float), f"{que}, un entero"):
        raise Fallo(pista)
    if valor != valor or int(valor) != valor:
        raise Fallo(f"devolviste {valor!r}; se pide {que}, un número entero.")
    return int(valor)


def _primero(pesos: list[float], parte: float) -> int:
    """El menor rango cuyos primeros pesos suman esa parte del total."""
    suma = 0.0
    for i, peso in enumerate(pesos, 1):
        suma += peso
        if suma >= parte * sum(pesos) - 1e-6:
            return i
    return len(pesos)


@ejercicio("08-rango-energia")
def _(rango_para):
    import torch

    if pista := no_se_llama(rango_para):
        return pista
    casos = [
        ([3.0, 1.0, 1.0, 1.0], 0.7),
        ([2.0, 2.0, 1.0], 0.4),
        ([5.0, 4.0, 3.0, 2.0, 1.0], 0.9),
        ([1.0, 1.0, 1.0, 1.0], 1.0),
        ([10.0, 0.1], 0.9),
        ([2.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0], 0.5),
    ]
    dados = [_entero(rango_para, "el rango", torch.tensor(v), p) for v, p in casos]

    def todos(respuesta) -> bool:
        """Si eso mismo se contestó en todos los casos."""
        return dados == [respuesta([x * x for x in v], p) for v, p in casos]

    if todos(_primero):
        return None
    if todos(lambda c, p: len(c)):
        return "devolviste todos; busca el menor rango que alcanza la parte pedida."
    if todos(lambda c, p: _primero([x**0.5 for x in c], p)):
        return "sumaste los valores singulares; la energía suma sus cuadrados."
    if todos(lambda c, p: _primero(c, 0.9)):
        return "usa la parte que recibes, no siempre 0,9."
    if todos(lambda c, p: _primero(c[::-1], p)):
        return "sumaste desde el final; los valores mayores son los primeros."
    if todos(lambda c, p: sum(x >= p * c[0] for x in c)):
        return "compara la suma acumulada con la parte de toda la energía."
    for (lista, parte), dado in zip(casos, dados, strict=True):
        bueno = _primero([x * x for x in lista], parte)
        caso = f"con {lista} y {parte} dijiste {dado}"
        if dado == bueno - 1:
            return (
                f"{caso}: te falta uno. Las posiciones de Python empiezan en 0 y los "
                "rangos, en 1."
            )
        if dado == bueno + 1:
            return (
                f"{caso}: sobra uno. Basta con llegar a la parte pedida; no hay que "
                "pasarla."
            )
        if dado != bueno:
            return f"{caso} y es {bueno}."
    return None


@ejercicio("08-entrenables")
def _(entrenables):
    if pista := no_se_llama(entrenables):
        return pista
    formas = {
        "bloque.0.q_proj": (64, 96),
        "bloque.0.v_proj": (64, 32),
        "bloque.0.down_proj": (160, 64),
        "bloque.1.q_proj": (64, 96),
        "copia.q_proj.vieja": (24, 40),  # contiene el nombre y no termina así
    }

    def suma(capas, r, cuenta=lambda e, s, r: r * (e + s), va=str.endswith):
        usadas = [f for n, f in formas.items() if any(va(n, c) for c in capas)]
        return sum(cuenta(*f, r) for f in usadas)

    for capas, r in ((["q_proj"], 4), (["q_proj", "v_proj"], 8), (["down_proj"], 1)):
        dado = _entero(entrenables, "cuántos números se entrenan", formas, capas, r)
        bueno = suma(capas, r)
        if dado == bueno:
            continue
        errores = [
            (suma([""], r),
             "contaste todas las matrices; quédate con las de la lista `capas`."),
            (suma(capas, r, va=str.__contains__),
             "contaste «copia.q_proj.vieja», que contiene «q_proj» y no termina así: "
             "mira el final del nombre, por ejemplo con `endswith`."),
            (suma(capas, 1), "falta multiplicar por el rango."),
            (suma(capas, r, lambda e, s, r: e * s),
             "esos son los pesos de las matrices; cuenta los de A y los de B."),
            (suma(capas, r, lambda e, s, r: r * e * s),
             "A y B son dos matrices aparte: sus tamaños se suman."),
            (suma(capas, r, lambda e, s, r: e * s + r * (e + s)),
             "W está quieta: cuenta solo los números de A y de B."),
            (suma(capas, r, lambda e, s, r: r * e),
             "contaste solo una de las dos: A mira la entrada y B, la salida."),
            (suma(capas, r, lambda e, s, r: r * s),
             "contaste solo una de las dos: A mira la entrada y B, la salida."),
            (suma(capas, r, lambda e, s, r: 2 * r * e),
             "A tiene r × entrada números y B, salida × r: no miden lo mismo."),
            (suma(capas[:1], r), "usa todas las capas de la lista, no una sola."),
            (suma(capas, 4), "usa el rango que recibes."),
            (r * sum(formas[f"bloque.0.{capas[0]}"]),
             "contaste una sola matriz: hay una por bloque."),
            (0, "salió 0: los nombres son largos, como «bloque.0.q_proj». Compara el "
             "final del nombre."),
        ]  # fmt: skip
        for malo, pista in errores:
            if dado == malo:
                return pista
        return f"con {capas} y rango {r} dijiste {dado} y es {bueno}."
    return None


@ejercicio("08-fusionar")
def _(fusionar):
    import torch

    if pista := no_se_llama(fusionar):
        return pista
    azar = torch.Generator().manual_seed(8)
    for sal, ent, r, alfa in ((6, 10, 2, 5), (5, 5, 4, 8)):
        W, A, B = (
            torch.randn(*forma, generator=azar, dtype=torch.float64)
            for forma in ((sal, ent), (r, ent), (sal, r))
        )
        try:
            dada = llamar(fusionar, W, A, B, alfa, r)
        except RuntimeError as error:
            if significado(error) != FORMAS:
                raise
            return (
                "las formas no encajan: B es (salida, r) y A es (r, entrada), así "
                "que el producto es B @ A."
            )
        if pista := no_es(dada, torch.Tensor, "una matriz, un tensor de torch"):
            return pista
        if dada.shape != W.shape:
            return f"tu matriz tiene forma {tuple(dada.shape)}, no {tuple(W.shape)}."
        dada, BA = dada.double(), B @ A
        if torch.allclose(dada, W + alfa / r * BA, atol=1e-4):
            continue
        errores = [
            (W, "devolviste W sin el adaptador: falta sumar la corrección."),
            (W + BA, "falta la escala: la corrección se multiplica por alfa entre r."),
            (W + alfa * BA, "multiplicaste por alfa; falta dividir entre r."),
            (W + BA / r, "dividiste entre r; falta multiplicar por alfa."),
            (W + r / alfa * BA, "la escala está al revés: es alfa entre r."),
            (W + alfa * r * BA, "r divide: la escala es alfa entre r."),
            (W + alfa / r**0.5 * BA,
             "esa es la escala de rsLoRA; aquí se pide alfa entre r."),
            (W + alfa // r * BA, "usaste la división entera; la escala es alfa / r."),
            (alfa / r * BA, "esa es solo la corrección; falta sumarla a W."),
            (W - alfa / r * BA, "la corrección se suma, no se resta."),
            (alfa / r * (W + BA), "la escala multiplica solo a la corrección, no a W."),
            (W + 2 * BA, "la escala no siempre es 2: usa alfa entre r."),
            (W + 2.5 * BA, "la escala no siempre es 2,5: usa alfa entre r."),
        ]  # fmt: skip
        if sal == ent:
            traspuesta = W + alfa / r * BA.T
            errores.append((traspuesta, "la corrección va sin trasponer."))
        for mala, pista in errores:
            if torch.allclose(dada, mala, atol=1e-4):
                return pista
        return "la matriz no es W más alfa / r por B @ A. Revisa signo y escala."
    return None
