"""Marca con `lang` lo que no está en español, para que una voz lo lea en su lengua.

Son tres clases de texto: los términos en inglés, que el glosario da en cursiva junto a
cada entrada; los títulos de trabajos citados; y los ejemplos en portugués.
"""

import html as entidades
import re
from pathlib import Path

# En cursiva en las lecciones y no como nombre de una entrada del glosario.
TAMBIEN_INGLES = {
    "activation checkpointing",
    "data collator",
    "dropout",
    "hash",
    "hook",
    "model FLOPs utilization",
    "out of memory",
    "recall",
    "roofline",
    "Run → Run All Above Selected Cell",
    "shingles",
    "signature",
    "Statistical Science",
}
PORTUGUES = re.compile(
    r"\b(?:voc[êe]s?|o senhor|não|são|muito|uma?s? (?:escola|casa))\b"
)
DE_INGLES = re.compile(
    r"\b(?:the|of|for|and|in|with|to|from|is|on|by|via|are|all|your|language|models?|"
    r"data|improve|learns|layer|low-rank|\w+(?:ing|tions?|ity|ment|ness))\b",
    re.IGNORECASE,
)
DE_ESPANOL = re.compile(
    r"\b(?:de|la|el|los|las|en|para|del|y|que|un|una|con)\b|[áéíóúñ¿¡]", re.IGNORECASE
)


def lengua_de(texto: str) -> str:
    """«en» si un título parece inglés; «es» en la duda."""
    ingles, espanol = DE_INGLES.findall(texto), DE_ESPANOL.findall(texto)
    return "en" if len(ingles) > len(espanol) else "es"


def terminos(glosario: str) -> set[str]:
    """Lo que el HTML del glosario pone en cursiva junto al nombre de cada entrada."""
    nombres = re.findall(r"<dt\b.*?</dt>", glosario, re.DOTALL)
    return {t for dt in nombres for t in re.findall(r"<em>([^<]+)</em>", dt)}


def titulos_de(raiz: Path) -> list[str]:
    """Los títulos en inglés de la bibliografía, como los escribe la página."""
    bib = (raiz / "book" / "referencias.bib").read_text(encoding="utf-8")
    todos = re.findall(r"^\s*title\s*=\s*\{\{(.+?)\}\},?\s*$", bib, re.MULTILINE)
    return [t for t in todos if lengua_de(t) == "en"]


def marcar(html: str, ingles: set[str], titulos: list[str]) -> str:
    """Añade `lang` a cursivas, enlaces y títulos que no están en español."""
    sabidos = {t.lower() for t in ingles | TAMBIEN_INGLES}

    def cursiva(hallada: re.Match) -> str:
        texto = entidades.unescape(hallada[1])
        if texto.lower() in sabidos or lengua_de(texto) == "en":
            return f'<em lang="en">{hallada[1]}</em>'
        if PORTUGUES.search(texto):
            return f'<em lang="pt">{hallada[1]}</em>'
        return hallada[0]

    def enlace(hallado: re.Match) -> str:
        if lengua_de(entidades.unescape(hallado[2])) != "en":
            return hallado[0]
        return f'<a lang="en"{hallado[1]}>{hallado[2]}</a>'

    inicio, articulo, resto = html.partition("<article")
    cuerpo, fin, pie = resto.partition("</article>")
    cuerpo = re.sub(r"<em>([^<]+)</em>", cursiva, cuerpo)
    cuerpo = re.sub(
        r'<a( class="reference external" [^>]*)>([^<:]{3}[^<]*)</a>', enlace, cuerpo
    )
    cuerpo = re.sub(
        r'<td((?: data-columna="[^"]*")?)><p>([^<]+)</p>',
        lambda c: (
            f'<td{c[1]}><p lang="pt">{c[2]}</p>'
            if PORTUGUES.search(c[2].lower())
            else c[0]
        ),
        cuerpo,
    )
    if 'class="citation"' in cuerpo:
        for titulo in titulos:
            # La página pone el apóstrofo tipográfico, y los signos como entidades.
            como_sale = re.escape(entidades.escape(titulo, quote=False))
            como_sale = como_sale.replace("'", "['’]")
            cuerpo = re.sub(
                rf"(?<=\. )({como_sale})(?=\.|\?)",
                r'<span lang="en">\1</span>',
                cuerpo,
                count=1,
            )
    return inicio + articulo + cuerpo + fin + pie
