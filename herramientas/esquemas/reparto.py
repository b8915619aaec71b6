"""Esquema de la lección 16: qué se repite y qué se parte entre procesos."""

from __future__ import annotations

from .trazos import LETRA, NOTA, TENUE, Lienzo

PARTES = ("pesos", "gradientes", "Adam")


def escala() -> Lienzo:
    """16: repartir el lote o repartir el modelo."""
    d = Lienzo(
        "escala",
        "Repartir el lote o repartir el modelo",
        "Arriba, DDP: un lote se parte en dos y cada mitad va a un proceso que tiene "
        "enteros los pesos, los gradientes y Adam; una flecha doble naranja entre los "
        "gradientes dice que se promedian. Abajo, FSDP: el lote se parte igual, pero "
        "cada proceso guarda media caja de pesos, de gradientes y de Adam; las "
        "flechas naranjas dicen que los pesos se juntan antes de usarlos y los "
        "gradientes se reparten. En los dos casos las activaciones, en gris, son de "
        "cada proceso y no se parten.",
        470,
    )
    for y, titulo, entero in ((0, "DDP: se repite todo", True), (236, "", False)):
        titulo = titulo or "FSDP y ZeRO 3: se parte todo lo que se repetía"
        d.escribir(10, y + 14, titulo, LETRA, "start", negrita=True)
        for i in range(2):
            x = 10 + 190 * i
            d.caja(x, y + 30, 150, 22, f"filas del proceso {i + 1}", "gris", NOTA)
            d.flecha((x + 75, y + 52), (x + 75, y + 70))
            for k, parte in enumerate(PARTES):
                yk = y + 70 + 34 * k
                tono = "azul" if parte == "pesos" else "verde"
                if entero:
                    d.caja(x, yk, 150, 28, parte, tono, NOTA)
                else:
                    d.caja(x, yk, 150, 28, "", "blanco", raya=True)
                    suya = x if i == 0 else x + 75
                    d.caja(suya, yk, 75, 28, f"{parte} ½", tono, NOTA)
            d.caja(x, y + 172, 150, 24, "activaciones", "gris", NOTA)
        for k in (0, 1):
            if entero and k == 0:
                continue
            yk = y + 84 + 34 * k
            d.flecha((180, yk), (199, yk), tono="naranja")
            d.flecha((180, yk), (161, yk), tono="naranja")
        nota = "los gradientes se promedian en cada paso"
        if not entero:
            nota = "los pesos se juntan al usarlos; los gradientes se reparten"
        d.escribir(180, y + 212, nota, NOTA, color=TENUE)
    return d


ESQUEMAS = (escala,)
