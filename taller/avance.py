"""Dice cómo va un entrenamiento desde el primer paso: así nadie lo cree colgado."""

from __future__ import annotations

import time

from transformers import TrainerCallback

CUANDO = (1, 5, 20, 50)  # pasos desde que empezó; después hablan las medidas


def _tiempo(segundos: float) -> str:
    """«40 s» o «4 min»."""
    if segundos < 90:
        return f"{segundos:.0f} s"
    return f"{segundos / 60:.0f} min"


class Avance(TrainerCallback):
    """Escribe una línea al empezar, tras el primer paso y en otros pocos.

    Desde el quinto paso estima cuánto falta: el primero, más lento, no cuenta. No sabe
    lo que tardarán las evaluaciones, y lo dice.
    """

    def on_train_begin(self, args, state, control, **resto):
        self.ya = state.global_step
        self.inicio = self.primero = time.monotonic()
        desde = f" desde el {self.ya}" if self.ya else ""
        print(f"empieza: {state.max_steps} pasos{desde}", flush=True)

    def on_step_end(self, args, state, control, **resto):
        van = state.global_step - self.ya
        if van not in CUANDO:
            return
        ahora = time.monotonic()
        dice = f"paso {state.global_step} de {state.max_steps} · "
        if van == 1:
            self.primero = ahora
            print(f"{dice}el primero tardó {_tiempo(ahora - self.inicio)}", flush=True)
            return
        quedan = state.max_steps - state.global_step
        falta = quedan * (ahora - self.primero) / (van - 1)
        print(f"{dice}faltan unos {_tiempo(falta)}, sin las medidas", flush=True)
