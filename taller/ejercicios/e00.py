"""Comprobaciones de la lección 00."""

from . import ejercicio


@ejercicio("00-mas-probable")
def _(respuesta):
    import torch

    for mayor in (0, 3, 6):
        logits = torch.full((7,), -2.0)
        logits[mayor] = 1.5
        dada = respuesta(logits)
        if dada is None:
            return "la función no devuelve nada; ¿falta un return?"
        if isinstance(dada, torch.Tensor):
            return "devolviste un tensor; conviértelo con int(…)."
        if dada != mayor:
            return (
                f"con el mayor logit en la posición {mayor} devolviste {dada!r}. "
                "Se pide la posición, no el valor."
            )
    return None


@ejercicio("00-temperatura")
def _(respuesta):
    import torch

    logits = torch.tensor([2.0, 0.5, -1.0, 0.0])
    for temperatura in (1.0, 0.5, 3.0):
        dada = respuesta(logits, temperatura)
        if not isinstance(dada, torch.Tensor) or dada.shape != logits.shape:
            return "devuelve un tensor con una probabilidad por logit."
        if abs(float(dada.sum()) - 1) > 1e-4:
            return f"con T = {temperatura} suman {float(dada.sum()):.3f} y no 1."
        if torch.allclose(dada, torch.softmax(logits * temperatura, 0), atol=1e-5):
            if temperatura != 1:
                return "parece que multiplicas por T; los logits se dividen."
        elif not torch.allclose(
            dada, torch.softmax(logits / temperatura, 0), atol=1e-5
        ):
            return (
                f"con T = {temperatura} no sale: divide los logits antes de la softmax."
            )
    return None
