"""Ver los tokens: cada uno en su recuadro, con su número y, si se pide, su peso."""

from __future__ import annotations

import html

COLORES = (
    "#4c9be8",
    "#f2a541",
    "#5fb88f",
    "#d78bd0",
    "#c9b458",
)  # se leen sin distinguir tonos
ESTILO = (
    "padding:.1em .15em;margin:0 1px;border-radius:3px;white-space:pre;line-height:2;"
)


def trozo_visible(tokenizador, ident: int) -> str:
    """El texto de un token: «·» es un espacio, «↵» un salto, ⟨C3⟩ un octeto suelto."""
    texto = tokenizador.decode([ident], clean_up_tokenization_spaces=False)
    if "\ufffd" in texto:
        from transformers.convert_slow_tokenizer import bytes_to_unicode

        octeto = {c: b for b, c in bytes_to_unicode().items()}
        crudo = tokenizador.convert_ids_to_tokens(ident)
        texto = "".join(
            chr(octeto[c]) if octeto.get(c, 255) < 128 else f"⟨{octeto.get(c, 0):02X}⟩"
            for c in crudo
        )
    return texto.replace(" ", "·").replace("\n", "↵")


class TokensDibujados:
    """Lo que devuelve `dibujar_tokens`: HTML en un cuaderno, texto en una terminal."""

    def __init__(self, trozos: list[str], ids: list[int], pesos: list[float] | None):
        self.trozos, self.ids, self.pesos = trozos, ids, pesos

    def __repr__(self) -> str:
        if self.pesos is None:
            return f"{len(self.ids)} tokens: " + "|".join(self.trozos)
        marcados = (
            f"[{t}]" if p > 0.5 else t
            for t, p in zip(self.trozos, self.pesos, strict=True)
        )
        return (
            f"{len(self.ids)} tokens (entre corchetes, peso mayor que 0,5): "
            + "|".join(marcados)
        )

    def _repr_html_(self) -> str:
        piezas = []
        for i, (trozo, ident) in enumerate(zip(self.trozos, self.ids, strict=True)):
            if self.pesos is None:
                fondo, nota = f"{COLORES[i % len(COLORES)]}59", f"token {ident}"
            else:
                peso = min(1.0, max(0.0, float(self.pesos[i])))
                fondo = (
                    f"#4c9be8{round(40 + 130 * peso):02x}" if peso else "transparent"
                )
                nota = f"token {ident}, peso {peso:.2f}"
            raya = (
                "border-bottom:2px solid #4c9be8;"
                if self.pesos and self.pesos[i] > 0.5
                else ""
            )
            piezas.append(
                f'<span title="{nota}" style="{ESTILO}{raya}background:{fondo}">'
                f"{html.escape(trozo)}</span>"
            )
        return (
            '<div class="tokens-dibujados" '
            'style="font-family:monospace;overflow-wrap:anywhere">'
            f"{'<wbr>'.join(piezas)}<br><small>{len(self.ids)} tokens</small></div>"
        )


def dibujar_tokens(tokenizador, texto: str | list[int], pesos=None) -> TokensDibujados:
    """Dibuja cómo se parte un texto.

    Argumentos: `texto`, una cadena o una lista de números de token; `pesos`, un valor
    de 0 a 1 por token (por ejemplo, una máscara): a más peso, más color; con peso
    mayor que 0,5 el token va además subrayado.
    Errores: ValueError si hay un número de pesos distinto del de tokens.
    """
    if isinstance(texto, str):
        ids = tokenizador(texto, add_special_tokens=False)["input_ids"]
    else:
        ids = [int(i) for i in texto]
    pesos = None if pesos is None else [float(p) for p in pesos]
    if pesos is not None and len(pesos) != len(ids):
        raise ValueError(
            f"Hay {len(ids)} tokens y {len(pesos)} pesos: deben ser tantos."
        )
    return TokensDibujados([trozo_visible(tokenizador, i) for i in ids], ids, pesos)
