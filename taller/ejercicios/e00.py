"""Comprobaciones de la lección 00."""

from . import ejercicio, no_es_tensor, no_se_llama


@ejercicio("00-mas-probable")
def _(mas_probable):
    import torch

    if pista := no_se_llama(mas_probable):
        return pista
    casos = ([-2.0, -2.5, 1.5], [3.0, -5.0, 0.5, 1.0], [-4.0, -1.0, -3.0, -2.0, -9.0],
             [0.5, 1.0, 7.0, 2.0, 1.5, 6.0])  # fmt: skip
    for lista in casos:
        logits = torch.tensor(lista)
        recibido = logits.clone()
        dada = mas_probable(recibido)
        mayor = lista.index(max(lista))
        if dada is None or dada is ...:
            return "la función no devuelve nada; ¿falta un return?"
        if isinstance(dada, torch.Tensor):
            if dada.numel() != 1:
                return (
                    "devolviste un tensor con varios números; se pide una posición: la "
                    "que da `.argmax()`."
                )
            return "devolviste un tensor; conviértelo con int(…)."
        if not torch.equal(recibido, logits):
            return "tu función cambia los logits que recibe; déjalos como llegaron."
        if isinstance(dada, bool) or not hasattr(dada, "__index__"):
            if isinstance(dada, float) and dada == mayor:
                return "la posición está bien; devuélvela como entero, con int(…)."
            if isinstance(dada, float) and dada == max(lista):
                return "ese es el mayor logit; se pide su posición, no el valor."
            return f"devolviste un {type(dada).__name__}; se pide un entero."
        if dada == mayor:
            continue
        caso = f"con los logits {lista}"
        if dada == mayor + 1:
            return f"{caso} devolviste {dada}: las posiciones se cuentan desde 0."
        if dada == lista.index(min(lista)):
            return f"{caso} devolviste la posición del menor; se pide la del mayor."
        positivos = [i for i, x in enumerate(lista) if x > 0]
        if (positivos and dada == positivos[0]) or (not positivos and dada in (-1, 0)):
            return (
                f"{caso} devolviste {dada}. No basta con hallar un positivo: pueden "
                "serlo varios, o ninguno. Compara todos."
            )
        if dada == mayor - len(lista):
            return f"{caso} devolviste {dada}: cuenta desde el comienzo."
        return (
            f"{caso} devolviste {int(dada)}; el mayor está en la posición {mayor}. "
            "Se pide la posición, no el valor."
        )
    return None


@ejercicio("00-temperatura")
def _(con_temperatura):
    import torch

    if pista := no_se_llama(con_temperatura):
        return pista
    chicos, grandes = [2.0, 0.5, -1.0, 0.0], [900.0, 898.0, -50.0, 899.5, 0.0]
    casos = ((chicos, 1.0), (chicos, 0.5), (chicos, 3.0), (grandes, 1.0), (grandes, 4))
    for lista, temperatura in casos:
        logits = torch.tensor(lista)
        recibido = logits.clone()
        dada = con_temperatura(recibido, temperatura)
        if isinstance(dada, (list, tuple, float)):
            return "devuelve un tensor con una probabilidad por logit, no una lista."
        if pista := no_es_tensor(dada, logits.shape):
            return pista
        if not torch.equal(recibido, logits):
            return (
                "tu función cambia los logits que recibe: `-=` y `/=` escriben sobre "
                "ellos. Calcula en un tensor nuevo."
            )
        caso = f"con T = {temperatura}".replace(".", ",")
        if not dada.isfinite().all():
            return (
                f"{caso} y un logit de {max(lista):.0f} salió «{dada[0].item()}»: la "
                "exponencial se desborda o se anula. Resta el mayor después de dividir "
                "entre T: el cociente no cambia."
            )
        dada = dada.float()
        if torch.allclose(dada, torch.softmax(logits / temperatura, 0), atol=1e-5):
            continue
        if torch.allclose(dada, torch.softmax(logits * temperatura, 0), atol=1e-5):
            return "parece que multiplicas por T; los logits se dividen."
        if torch.allclose(dada, torch.softmax(logits, 0) / temperatura, atol=1e-5):
            return "divides las probabilidades; se dividen los logits, antes."
        if torch.allclose(dada, torch.softmax(logits, 0), atol=1e-5):
            return (
                f"{caso} no cambia nada: divide los logits entre T antes de la softmax."
            )
        if torch.allclose(dada, (logits / temperatura).log_softmax(0), atol=1e-4):
            return "esos son logaritmos de probabilidades; se piden las probabilidades."
        if torch.allclose(dada, torch.exp(logits / temperatura), rtol=1e-4):
            return f"{caso} falta dividir entre la suma, para que sumen 1."
        if abs(float(dada.sum()) - 1) > 1e-4:
            return f"{caso} tus números suman {float(dada.sum()):.3f} y no 1."
        return f"{caso} no sale: divide los logits antes de la softmax."
    return None
