"""Comprobaciones de «Antes de ajustar»: el punto de empate y la kappa de Cohen."""

from math import ceil, floor, isinf, isnan

from . import ejercicio, no_es_numero, no_se_llama
from .fallos import llamar
from .numeros import pedir_numero, suelto

# (tokens al entrenar, tokens por petición al ajustado y al que lleva ejemplos)
EMPATES = [(100_000, 40, 100), (1_000, 30, 37), (50, 20, 64), (7, 10, 11), (90, 3, 30)]
NUNCA = [(1_000, 50, 50), (1_000, 60, 50)]


def _errores_de_empate(entrenar, corto, largo):
    """Lo que dan los errores corrientes, en decimales, y la pista de cada uno."""
    ahorra = largo - corto
    return [
        (entrenar / ahorra, "entrenar un token cuesta el triple que leerlo."),
        (entrenar / largo, "falta el triple, y lo que el ajuste paga por petición."),
        (3 * entrenar / largo,
         "el ajuste también paga en cada petición: lo que se ahorra es la diferencia."),
        (3 * entrenar / corto,
         "divide entre lo que se ahorra por petición, no entre lo que se paga."),
        (3 * entrenar / (largo + corto), "lo que se ahorra es una resta, no una suma."),
        (entrenar / (3 * ahorra),
         "el triple va en el entrenamiento, que se paga una vez."),
        (ahorra / (3 * entrenar), "está al revés: el entrenamiento entre lo ahorrado."),
    ]  # fmt: skip


@ejercicio("antes-empatar")
def _(peticiones_para_empatar):
    if pista := no_se_llama(peticiones_para_empatar):
        return pista
    for caso in EMPATES:
        entrenar, corto, largo = caso
        dada = llamar(peticiones_para_empatar, *caso)
        if dada is None and caso == EMPATES[0]:
            return (
                "devolviste None y aquí sí se empata: cada petición con ejemplos "
                "cuesta más que una al modelo ajustado."
            )
        dada = suelto(dada)
        if pista := no_es_numero(dada):
            return pista
        justo = 3 * entrenar / (largo - corto)
        if dada == ceil(justo):
            continue
        if abs(dada - justo) < 1e-9:
            return (
                f"con {caso} da {justo:.2f} peticiones y se piden enteras: ¿hacia "
                "dónde se redondea?"
            )
        for otra, pista in _errores_de_empate(*caso):
            if any(abs(dada - v) < 1e-9 for v in (otra, ceil(otra), floor(otra))):
                return pista
        if justo == int(justo) and dada == justo + 1:
            return "cuando la división da justa ya cuestan lo mismo: no sumes una más."
        if dada == floor(justo):
            return (
                f"con {floor(justo)} peticiones el ajuste todavía cuesta más: redondea "
                "hacia arriba."
            )
        return f"con {caso} devolviste {dada:g} y son {ceil(justo)}."
    for caso in NUNCA:
        try:
            dada = llamar(peticiones_para_empatar, *caso)
        except (ZeroDivisionError, OverflowError):
            return "si el pedido largo no cuesta más que el corto, no se empata: None."
        if dada is not None:
            return (
                f"con {caso} devolviste {dada!r}: el ajuste cuesta lo mismo o más en "
                "cada petición y nunca se paga; se pide None."
            )
    return None


# --- Kappa --------------------------------------------------------------------------

PAREJAS = [
    ("bbbbmmmm", "bbbmmmbb"),
    ("bbbbbbbm", "bbbbbbmm"),
    ("aabbccab", "aabbcabb"),
    ("aaab", "aacc"),  # cada persona usa una etiqueta que la otra no
    ("bbbm", "mbbb"),  # coinciden menos que el azar
    ("abcabc", "abcabc"),
]


def _partes(una, otra):
    """Lo observado y las tres maneras de esperar el azar."""
    n, todas = len(una), sorted(set(una) | set(otra))
    observado = sum(a == b for a, b in zip(una, otra, strict=True)) / n
    suya = sum(una.count(c) * otra.count(c) for c in todas) / n**2
    junta = sum(((una.count(c) + otra.count(c)) / (2 * n)) ** 2 for c in todas)
    primera = sum((una.count(c) / n) ** 2 for c in todas)
    return observado, suya, junta, primera, 1 / len(todas)


def _errores_de_kappa(una, otra):
    """Lo que dan los errores corrientes y la pista de cada uno."""
    o, e, junta, primera, pareja = _partes(una, otra)
    n = len(una)
    dos = sum(una.count(c) * otra.count(c) for c in "bm") / n**2
    return [
        (o, "esa es la parte en que coinciden; falta descontar la del azar."),
        (1 - o, "esa es la parte en que no coinciden."),
        (e, "eso es lo que se espera por azar; falta compararlo con lo observado."),
        (o - e, "falta dividir entre lo que quedaba por ganar, 1 menos el azar."),
        ((o - e) / e if e else None, "se divide entre 1 menos el azar, no entre él."),
        ((o - pareja) / (1 - pareja),
         "supusiste que todas las etiquetas son igual de frecuentes: cuenta cuánto usó "
         "cada una cada persona."),
        ((o - junta) / (1 - junta) if junta < 1 else None,
         "juntaste las etiquetas de las dos; cada persona va con sus frecuencias."),
        ((o - primera) / (1 - primera) if primera < 1 else None,
         "usaste dos veces las frecuencias de una misma persona."),
        ((o - dos) / (1 - dos) if dos < 1 else None,
         "las etiquetas no son siempre «b» y «m»: sácalas de las listas."),
        ((o - e * n) / (1 - e * n) if e * n != 1 else None,
         "el azar es un producto de dos fracciones: divide entre n dos veces."),
    ]  # fmt: skip


@ejercicio("antes-kappa")
def _(kappa):
    if pista := no_se_llama(kappa):
        return pista
    for una, otra in (map(list, pareja) for pareja in PAREJAS):
        o, e, *_ = _partes(una, otra)
        buena = (o - e) / (1 - e)
        dada = pedir_numero(kappa, una, otra)
        if abs(dada - buena) < 1e-9:
            continue
        donde = f"con {''.join(una)} y {''.join(otra)}"
        if abs(dada + buena) < 1e-9 or (buena < 0 and dada == 0):
            if buena < 0:
                return (
                    "puede ser negativa: coinciden menos que el azar. No la recortes."
                )
            return "el signo está al revés: es lo observado menos el azar."
        if abs(dada - 100 * buena) < 1e-9:
            return "no es un porcentaje: vale 1 si coinciden en todo."
        for otro, pista in _errores_de_kappa(una, otra):
            if otro is not None and abs(dada - otro) < 1e-9:
                return pista
        if any(abs(dada - round(buena, k)) < 1e-9 for k in range(5)):
            return "no redondees dentro de la función."
        return f"{donde} devolviste {dada:.3f} y es {buena:.3f}."
    return _sin_nada_que_descontar(kappa)


def _sin_nada_que_descontar(kappa) -> str | None:
    """Pista si las dos personas usaron una sola etiqueta, la misma, y no da None."""
    que = "si las dos usaron siempre la misma etiqueta, el azar es 1 y se pide None"
    try:
        dada = suelto(llamar(kappa, list("bbbb"), list("bbbb")))
    except ZeroDivisionError:
        return f"{que}: ahí tu función divide entre cero."
    if dada is None:
        return None
    if isinstance(dada, float) and (isnan(dada) or isinf(dada)):
        return f"{que}, no {dada}."
    return f"{que}; devolviste {dada!r}."
