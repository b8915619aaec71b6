"""Esquemas de preferir y premiar: lección 15."""

from __future__ import annotations

from statistics import mean, stdev

from .trazos import LETRA, NOTA, TENUE, Lienzo

PREMIOS = (1, 0, 0, 1)  # de las cuatro respuestas dibujadas


def preferir() -> Lienzo:
    """15: un par para DPO y un grupo para GRPO."""
    d = Lienzo(
        "preferir",
        "Un par o un grupo",
        "Dos paneles. DPO: una consigna, «Pasa a vos: Cantas.», con dos respuestas ya "
        "escritas, «Cantás.», preferida, y «Canta.», rechazada. El modelo y la "
        "referencia, que no cambia, dan la log-probabilidad de cada una; la pérdida "
        "mira cuánto se apartó el modelo en la preferida menos cuánto en la rechazada. "
        "GRPO: con la misma consigna el modelo escribe cuatro respuestas; el "
        "verificador les pone 1, 0, 0 y 1; restada la media y entre la desviación, "
        "quedan ventajas de 0,87 y −0,87: unas suben y otras bajan.",
        478,
    )
    d.escribir(12, 14, "DPO: un par ya escrito", LETRA, "start", negrita=True)
    d.caja(12, 26, 336, 24, "Pasa a vos: Cantas.", "gris", NOTA)
    buena = d.caja(12, 64, 162, 38, "preferida:\nCantás.", "verde", NOTA)
    mala = d.caja(186, 64, 162, 38, "rechazada:\nCanta.", "naranja", NOTA)
    d.flecha((93, 50), buena.arriba)
    d.flecha((267, 50), mala.arriba)
    uno = d.caja(12, 120, 162, 38, "modelo − referencia\nen la preferida", "azul", NOTA)
    otro = d.caja(
        186, 120, 162, 38, "modelo − referencia\nen la rechazada", "azul", NOTA
    )
    d.flecha(buena.abajo, uno.arriba)
    d.flecha(mala.abajo, otro.arriba)
    d.flecha(uno.abajo, (93, 180))
    d.flecha(otro.abajo, (267, 180))
    d.caja(
        12, 180, 336, 30, "pérdida: que la primera resta supere a la segunda", "blanco",
        NOTA,
    )  # fmt: skip
    d.escribir(12, 238, "GRPO: un grupo recién escrito", LETRA, "start", negrita=True)
    d.caja(12, 250, 336, 24, "Pasa a vos: Cantas.", "gris", NOTA)
    respuestas = ("Cantás.", "Canta.", "Cantas.", "Cantás.")
    media, desvio = mean(PREMIOS), stdev(PREMIOS)
    for i, (dicha, premio) in enumerate(zip(respuestas, PREMIOS, strict=True)):
        x = 12 + 85.5 * i
        ventaja = f"{(premio - media) / desvio:+.2f}".replace(".", ",")
        ventaja = ventaja.replace("-", "−").replace("+", "")
        tono = "verde" if premio else "naranja"
        pasos = [
            d.caja(x, 292, 79.5, 26, dicha, "azul", NOTA),
            d.caja(x, 340, 79.5, 26, str(premio), tono, LETRA, negrita=True),
            d.caja(x, 388, 79.5, 26, ventaja, tono, LETRA, negrita=True),
        ]
        d.flecha((x + 39.75, 274), pasos[0].arriba)
        d.flecha(pasos[0].abajo, pasos[1].arriba)
        d.flecha(pasos[1].abajo, pasos[2].arriba)
        d.escribir(x + 39.75, 424, "sube" if premio else "baja", NOTA)
    d.escribir(
        180, 446, "primera fila, el modelo; segunda, el verificador;", NOTA, color=TENUE
    )
    d.escribir(
        180, 462, "tercera, menos la media y entre la desviación", NOTA, color=TENUE
    )
    return d


ESQUEMAS = (preferir,)
